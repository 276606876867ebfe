-- One row per path, step and earlier step: a refund became known of the sale that would have caused an upgrade on the earlier one.

select distinct
    steps.path_key,
    steps.step_number,
    causes.cause_step

from {{ ref('int_card_steps') }} as causes
inner join {{ ref('int_reversals_applied') }} as reversals
    on causes.cause_source_system = reversals.sale_source_system and causes.cause_txn_id = reversals.sale_txn_id
inner join {{ ref('int_card_steps') }} as steps
    on causes.path_key = steps.path_key and reversals.known_on = steps.candidate_date and steps.is_first_of_day

where not reversals.is_hidden and reversals.applied_amount > 0 and causes.candidate_date < steps.candidate_date
