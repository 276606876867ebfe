-- On every day on which the policy changes, every cell of recency score 0-5 by mean score 0-5 has exactly one segment.

with

change_days as (

    select
        scenario_id,
        effective_from as change_day

    from {{ ref('policy_rfm_segments') }}

    union

    select
        scenario_id,
        effective_to as change_day

    from {{ ref('policy_rfm_segments') }}

    where effective_to is not null

)

select
    change_days.scenario_id,
    change_days.change_day,
    count(policy.segment) as cell_count

from change_days
left join {{ ref('policy_rfm_segments') }} as policy
    on
        change_days.scenario_id = policy.scenario_id
        and policy.effective_from <= change_days.change_day
        and (policy.effective_to is null or change_days.change_day < policy.effective_to)

group by change_days.scenario_id, change_days.change_day

having
    count(policy.segment) <> 36
    or count(distinct policy.r_score * 10 + policy.fm_score) <> 36
    or min(policy.r_score) <> 0
    or max(policy.r_score) <> 5
    or min(policy.fm_score) <> 0
    or max(policy.fm_score) <> 5
