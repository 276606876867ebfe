-- One row per review date: the policy of energy in force that day, and the last calendar month that was complete.

select
    review_dates.as_of_date,
    {{ month_number(add_days('review_dates.as_of_date', 1)) }} - 1 as last_month_number,
    policy.gap_days,
    policy.min_months,
    policy.vacant_kwh,
    policy.vacant_share,
    policy.irregular_from,
    policy.peak_from,
    policy.night_from,
    policy.summer_from,
    policy.winter_from,
    policy.baseload_from,
    policy.base_hour_share,
    policy.min_peers,
    policy.efficient_share

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_energy') }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}
