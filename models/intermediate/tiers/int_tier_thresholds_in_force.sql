-- One row per review date and customer type: the thresholds of the tier rules in force, side by side.

select
    review_dates.as_of_date,
    thresholds.customer_type,
    max(case when thresholds.rule_path = 'HR_PROPERTY' and thresholds.measure = 'property_net_60m' then thresholds.threshold end)
        as property_net_60m,
    max(case when thresholds.rule_path = 'HR_PROPERTY' and thresholds.measure = 'firm_units_60m' then thresholds.threshold end)
        as firm_units_60m,
    max(case when thresholds.rule_path = 'HR_SPEND' then thresholds.threshold end) as spend_12m_outside_property,
    max(case when thresholds.rule_path = 'SC_HIGH' then thresholds.threshold end) as high_score,
    max(case when thresholds.rule_path = 'SC_MED' then thresholds.threshold end) as medium_score

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_tier_thresholds') }} as thresholds
    on {{ in_force('thresholds', 'review_dates.as_of_date') }}

group by review_dates.as_of_date, thresholds.customer_type
