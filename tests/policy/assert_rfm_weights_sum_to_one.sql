-- The weights of recency, frequency and value sum to 1 in every version of the policy.

select
    scenario_id,
    effective_from,
    sum(weight) as summed_weight

from {{ ref('policy_rfm_measures') }}

group by scenario_id, effective_from

having abs(sum(weight) - 1) > 0.000000001
