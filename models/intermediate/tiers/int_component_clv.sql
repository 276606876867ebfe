-- One row per review date and graded customer who holds a line, where the gate of the predictions is passed: lifetime value, 0-100.

select
    scored.as_of_date,
    scored.customer_key,
    'clv' as component,
    scored.clv_score as score

from {{ ref('int_clv_customers_scored') }} as scored
inner join {{ ref('int_clv_gates') }} as gates
    on scored.as_of_date = gates.as_of_date and gates.lob = 'total' and gates.is_passed
