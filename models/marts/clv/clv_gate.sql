-- One row per review and line or total: did earlier predictions come true well enough to be used?

select
    as_of_date,
    lob,
    measure,
    gate_reason,
    customer_count,
    predicted_to_actual_ratio,
    top_decile_capture,
    is_passed

from {{ ref('int_clv_gates') }}

where {{ is_shown('as_of_date') }}
