-- One row per knowledge date and line of business: the policy in force that day.

select
    dates.as_of_date,
    lobs.lob,
    lobs.rfm_window_days,
    lobs.new_days,
    lobs.expected_gap_days,
    lobs.rfm_weight,
    lobs.repeat_target,
    lobs.is_contractual,
    lobs.purchase_model

from {{ ref('int_knowledge_dates') }} as dates
inner join {{ ref('policy_lobs') }} as lobs
    on {{ in_force('lobs', 'dates.as_of_date') }}
