-- On every day on which the policy changes, the weights of recency, frequency and value in force sum to 1.

with

change_days as (

    select
        scenario_id,
        effective_from as change_day

    from {{ ref('policy_rfm_measures') }}

    union

    select
        scenario_id,
        effective_to as change_day

    from {{ ref('policy_rfm_measures') }}

    where effective_to is not null

)

select
    change_days.scenario_id,
    change_days.change_day,
    sum(policy.weight) as summed_weight

from change_days
left join {{ ref('policy_rfm_measures') }} as policy
    on
        change_days.scenario_id = policy.scenario_id
        and policy.effective_from <= change_days.change_day
        and (policy.effective_to is null or change_days.change_day < policy.effective_to)

group by change_days.scenario_id, change_days.change_day

having
    coalesce(abs(sum(policy.weight) - 1), 1) > 0.000000001
