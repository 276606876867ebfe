-- One row per review date: the thresholds of satisfaction in force that day.
{{ config(materialized='view') }}

select
    review_dates.as_of_date,
    {{ add_days('review_dates.as_of_date', '-policy.max_age_days') }} as looks_back_to,
    {{ add_days('review_dates.as_of_date', '-policy.recent_days') }} as recent_after,
    {{ add_days('review_dates.as_of_date', '-policy.response_days') }} as pending_from,
    policy.half_life_days,
    policy.satisfied_from,
    policy.neutral_from,
    policy.min_weight,
    policy.capped_score,
    policy.contact_issue_count,
    policy.min_segment_size

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_satisfaction') }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}
