-- One row per review date and customer with an interaction of any age, bot days aside: the last one that weighs something.

with

suspect_days as (

    select distinct
        customer_key,
        event_date

    from {{ ref('int_interaction_bot_days') }}

),

-- Days that are bot days at some review stay apart; of all the others only the latest matters, and they are nearly all.
latest as (

    select
        days.customer_key,
        days.event_type,
        days.seen_from,
        max(days.event_date) as event_date

    from {{ ref('int_interaction_days') }} as days
    left join suspect_days
        on days.customer_key = suspect_days.customer_key and days.event_date = suspect_days.event_date

    group by days.customer_key, days.event_type, days.seen_from, suspect_days.event_date

)

select
    events.as_of_date,
    latest.customer_key,
    max(case when events.engagement_weight > 0 then latest.event_date end) as last_interaction_date

from latest
inner join {{ ref('int_interaction_events_in_force') }} as events
    on latest.event_type = events.event_type and latest.seen_from <= events.as_of_date
left join {{ ref('int_interaction_bot_days') }} as bot_days
    on
        events.as_of_date = bot_days.as_of_date
        and latest.customer_key = bot_days.customer_key
        and latest.event_date = bot_days.event_date

where bot_days.customer_key is null

group by events.as_of_date, latest.customer_key
