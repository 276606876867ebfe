-- One row per graded date and customer with an override in force: which one counts, and the tier it gives.

select
    as_of_date,
    customer_key,
    cast(null as {{ type_text() }}) as override_id,
    cast(null as {{ type_text() }}) as override_kind,
    cast(null as {{ type_text() }}) as override_tier,
    cast(null as integer) as override_days_left,
    cast(null as {{ type_text() }}) as final_tier

from {{ ref('int_tier_states') }}

where computed_tier = 'none'
