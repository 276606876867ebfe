-- On every day on which the policy changes, every cell of recency score 0-5 by mean score 0-5 has exactly one segment.

with

change_days as (

    {{ policy_change_days(['policy_rfm_segments']) }}

)

select
    'policy_rfm_segments.csv: on ' || {{ shown('change_days.change_day') }} || ' '
    || {{ shown('count(policy.segment)') }} || ' rows are in force for '
    || {{ shown('count(distinct policy.r_score * 10 + policy.fm_score)') }}
    || ' cells; each of the 36 cells r_score 0-5 by fm_score 0-5 needs exactly one.' as problem

from change_days
left join {{ ref('policy_rfm_segments') }} as policy
    on {{ in_force('policy', 'change_days.change_day') }}

group by change_days.change_day

having
    count(policy.segment) <> 36
    or count(distinct policy.r_score * 10 + policy.fm_score) <> 36
    or coalesce(min(policy.r_score), -1) <> 0
    or max(policy.r_score) <> 5
    or min(policy.fm_score) <> 0
    or max(policy.fm_score) <> 5
