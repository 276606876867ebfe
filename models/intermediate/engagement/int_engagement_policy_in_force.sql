-- One row per knowledge date: how engagement is measured by the policy in force that day.
{{ config(materialized='view') }}

select
    dates.as_of_date,
    policy.bot_events_per_day,
    policy.max_age_days,
    policy.half_life_days,
    policy.half_points,
    dates.is_review

from {{ ref('int_knowledge_dates') }} as dates
inner join {{ ref('policy_engagement') }} as policy
    on {{ in_force('policy', 'dates.as_of_date') }}
