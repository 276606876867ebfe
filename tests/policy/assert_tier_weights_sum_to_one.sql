-- On every day on which the policy changes, the component weights in force sum to 1.

with

change_days as (

    select distinct
        scenario_id,
        effective_from as change_day

    from {{ ref('policy_tier_weights') }}

)

select
    change_days.scenario_id,
    change_days.change_day,
    sum(weights.weight) as summed_weight

from change_days
inner join {{ ref('policy_tier_weights') }} as weights
    on
        change_days.scenario_id = weights.scenario_id
        and weights.effective_from <= change_days.change_day
        and (weights.effective_to is null or change_days.change_day < weights.effective_to)

group by change_days.scenario_id, change_days.change_day

having abs(sum(weights.weight) - 1) > 0.000000001
