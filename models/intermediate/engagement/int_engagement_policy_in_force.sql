-- One row per review date: how engagement is measured by the policy in force that day.
{{ config(materialized='view') }}

select
    review_dates.as_of_date,
    policy.bot_events_per_day,
    policy.max_age_days,
    policy.half_life_days,
    policy.half_points

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_engagement') }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}
