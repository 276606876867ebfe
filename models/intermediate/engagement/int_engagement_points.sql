-- One row per review date, customer and type of interaction that weighs something: its points and interactions of late.

with

days as (

    select
        policy.as_of_date,
        days.customer_key,
        days.event_type,
        days.event_date,
        {{ days_between('days.event_date', 'policy.as_of_date') }} as age_days,
        policy.max_age_days,
        policy.half_life_days,
        cast(sum(days.event_count) as bigint) as event_count

    from {{ ref('int_interaction_days') }} as days
    inner join {{ ref('int_engagement_policy_in_force') }} as policy
        on
            policy.is_review
            and days.seen_from <= policy.as_of_date
            and days.event_date > {{ add_days('policy.as_of_date', '-greatest(365, policy.max_age_days)') }}
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
        days.event_date,
        policy.max_age_days,
        policy.half_life_days

)

select
    days.as_of_date,
    days.customer_key,
    days.event_type,
    sum(
        case
            when days.age_days < days.max_age_days
                then
                    cast(least(days.event_count, events.daily_limit) * events.engagement_weight as decimal(28, 4))
                    * {{ decay('days.age_days', 'days.half_life_days') }}
            else 0
        end
    ) as points,
    sum(case when days.age_days < 365 then days.event_count else 0 end) as interaction_count_365d

from days
inner join {{ ref('int_interaction_events_in_force') }} as events
    on days.as_of_date = events.as_of_date and days.event_type = events.event_type

where events.engagement_weight > 0

group by days.as_of_date, days.customer_key, days.event_type
