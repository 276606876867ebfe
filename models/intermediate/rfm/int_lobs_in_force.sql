-- One row per review date and line of business: the policy in force that day.

select
    review_dates.as_of_date,
    lobs.lob,
    lobs.rfm_window_days,
    lobs.new_days,
    lobs.rfm_weight,
    lobs.is_contractual,
    lobs.purchase_model

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_lobs') }} as lobs
    on {{ in_force('lobs', 'review_dates.as_of_date') }}
