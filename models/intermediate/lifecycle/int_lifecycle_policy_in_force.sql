-- One row per review date: how the lifecycle is judged by the policy in force that day.

select
    review_dates.as_of_date,
    policy.owner_gap_days,
    policy.min_occasions,
    policy.rhythm_share,
    policy.min_gap_factor,
    policy.max_gap_factor,
    policy.churned_above,
    policy.churn_min_days,
    policy.dormant_above,
    policy.returned_days,
    policy.return_gap_factor,
    policy.decline_until,
    policy.growth_from,
    policy.exclude_run_off

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_lifecycle') }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}
