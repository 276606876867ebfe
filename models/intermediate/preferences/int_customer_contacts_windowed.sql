-- One row per customer, channel, type of interaction and stretch of reviews in whose last 365 days the interactions lie: how many.

select
    interactions.customer_key,
    interactions.channel,
    interactions.event_type,
    count(*) as contact_count,
    interactions.seen_from,
    leaving.first_knowledge_date as left_from

from {{ ref('int_interactions_seen') }} as interactions
left join {{ ref('int_calendar') }} as leaving
    on {{ add_days('interactions.event_date', 365) }} = leaving.calendar_date

where interactions.channel is not null

group by
    interactions.customer_key,
    interactions.channel,
    interactions.event_type,
    interactions.seen_from,
    leaving.first_knowledge_date
