-- One row per knowledge date, customer and day of any age with more interactions than a person can have.

with

least_limit as (

    select min(bot_events_per_day) as bot_events_per_day from {{ ref('int_engagement_policy_in_force') }}

),

-- Few days have ever so many: only they are looked at review by review.
busy_days as (

    select
        days.customer_key,
        days.event_date

    from {{ ref('int_interaction_days') }} as days
    cross join least_limit

    group by days.customer_key, days.event_date, least_limit.bot_events_per_day

    having sum(days.event_count) > least_limit.bot_events_per_day

)

select
    policy.as_of_date,
    days.customer_key,
    days.event_date

from {{ ref('int_interaction_days') }} as days
inner join busy_days
    on days.customer_key = busy_days.customer_key and days.event_date = busy_days.event_date
inner join {{ ref('int_engagement_policy_in_force') }} as policy
    on days.seen_from <= policy.as_of_date

group by policy.as_of_date, days.customer_key, days.event_date, policy.bot_events_per_day

having sum(days.event_count) > policy.bot_events_per_day
