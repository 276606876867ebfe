-- One row per review date and component of the tier that counts: its weight in the policy of that day.
-- Lifetime value counts only where its gate is passed; otherwise the weight of the others is the whole.

select
    review_dates.as_of_date,
    weights.component,
    weights.weight

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_tier_weights') }} as weights
    on {{ in_force('weights', 'review_dates.as_of_date') }}
inner join {{ ref('int_clv_gates') }} as gates
    on review_dates.as_of_date = gates.as_of_date and gates.lob = 'total'

where weights.weight > 0 and (weights.component <> 'clv' or gates.is_passed)
