-- One row per review date: the single-number parameters of the policy in force that day, side by side.

select
    review_dates.as_of_date,
    max(case when parameters.parameter = 'overdue_grace_days' then parameters.value end) as overdue_grace_days,
    max(case when parameters.parameter = 'sale_firm_paid_share' then parameters.value end) as sale_firm_paid_share,
    max(case when parameters.parameter = 'lob_cap_share' then parameters.value end) as lob_cap_share,
    max(case when parameters.parameter = 'min_coverage' then parameters.value end) as min_coverage

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_parameters') }} as parameters
    on {{ in_force('parameters', 'review_dates.as_of_date') }}

group by review_dates.as_of_date
