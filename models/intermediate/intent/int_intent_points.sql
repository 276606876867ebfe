-- One row per knowledge date, customer, type of interaction that bears on intent, project, half-life and day: its points.

with

days as (

    select
        policy.as_of_date,
        days.customer_key,
        days.event_type,
        days.project_id,
        days.is_venue_only,
        days.event_date,
        case when days.is_venue_only then policy.venue_half_life_days else policy.sale_half_life_days end as half_life_days,
        cast(sum(days.event_count) as bigint) as event_count

    from {{ ref('int_intent_days') }} as days
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on
            days.seen_from <= policy.as_of_date
            and days.event_date > {{ add_days('policy.as_of_date', '-policy.max_age_days') }}
    left join {{ ref('int_interaction_bot_days') }} as bot_days
        on
            policy.as_of_date = bot_days.as_of_date
            and days.customer_key = bot_days.customer_key
            and days.event_date = bot_days.event_date

    where bot_days.customer_key is null

    group by
        policy.as_of_date,
        days.customer_key,
        days.event_type,
        days.project_id,
        days.is_venue_only,
        days.event_date,
        policy.venue_half_life_days,
        policy.sale_half_life_days

),

numbered as (

    select
        days.*,
        row_number() over (
            partition by as_of_date, customer_key, event_type order by event_date, is_venue_only, project_id nulls last
        ) as place,
        coalesce(sum(event_count) over (
            partition by as_of_date, customer_key, event_type, event_date
            order by is_venue_only, project_id nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as earlier_that_day

    from days

)

select
    numbered.as_of_date,
    numbered.customer_key,
    numbered.event_type,
    numbered.project_id,
    numbered.is_venue_only,
    numbered.event_date,
    cast(
        greatest(least(numbered.event_count, events.daily_limit - numbered.earlier_that_day), 0) * events.repeat_intent_weight
        + case when numbered.place = 1 then events.intent_weight - events.repeat_intent_weight else 0 end as decimal(28, 4)
    )
    * {{ decay(days_between('numbered.event_date', 'numbered.as_of_date'), 'numbered.half_life_days') }} as points

from numbered
inner join {{ ref('int_interaction_events_in_force') }} as events
    on numbered.as_of_date = events.as_of_date and numbered.event_type = events.event_type
