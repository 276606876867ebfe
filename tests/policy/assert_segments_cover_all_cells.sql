-- Every cell of recency score 0-5 by mean score 0-5 has exactly one segment in every version of the policy.

select
    scenario_id,
    effective_from,
    count(*) as cell_count,
    count(distinct r_score * 10 + fm_score) as distinct_cell_count

from {{ ref('policy_rfm_segments') }}

group by scenario_id, effective_from

having
    count(*) <> 36
    or count(distinct r_score * 10 + fm_score) <> 36
    or min(r_score) <> 0
    or max(r_score) <> 5
    or min(fm_score) <> 0
    or max(fm_score) <> 5
