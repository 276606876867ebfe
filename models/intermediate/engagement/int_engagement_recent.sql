-- One row per review date and customer with interactions of the last 90 days that weigh something: how many, on how many days.

select
    events.as_of_date,
    days.customer_key,
    sum(days.event_count) as interaction_count_90d,
    count(distinct days.event_date) as active_days_90d

from {{ ref('int_interaction_days') }} as days
inner join {{ ref('int_interaction_events_in_force') }} as events
    on
        days.event_type = events.event_type
        and days.seen_from <= events.as_of_date
        and days.event_date > {{ add_days('events.as_of_date', -90) }}
left join {{ ref('int_interaction_bot_days') }} as bot_days
    on
        events.as_of_date = bot_days.as_of_date
        and days.customer_key = bot_days.customer_key
        and days.event_date = bot_days.event_date

where events.engagement_weight > 0 and bot_days.customer_key is null

group by events.as_of_date, days.customer_key
