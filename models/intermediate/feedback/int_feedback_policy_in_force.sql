-- One row per review date: how feedback is weighed and graded by the policy in force that day.
{{ config(materialized='view') }}

select
    review_dates.as_of_date,
    policy.praise_points,
    policy.suggestion_points,
    policy.adopted_points,
    policy.reopened_factor,
    policy.max_reopened,
    policy.sla_factor,
    policy.repeat_factor,
    policy.well_resolved_factor,
    policy.well_rating,
    policy.in_sla_factor,
    policy.repeat_days,
    policy.half_life_days,
    policy.max_age_days,
    policy.many_complaints,
    policy.recent_days,
    policy.negative_until,
    policy.positive_from,
    policy.score_scale

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_feedback') }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}
