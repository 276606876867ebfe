-- As long as both are in force, the score for high is above the score for medium.

select
    high.scenario_id,
    high.customer_type,
    high.threshold as high_score,
    medium.threshold as medium_score

from {{ ref('policy_tier_thresholds') }} as high
inner join {{ ref('policy_tier_thresholds') }} as medium
    on
        high.scenario_id = medium.scenario_id
        and high.customer_type = medium.customer_type
        and (medium.effective_to is null or high.effective_from < medium.effective_to)
        and (high.effective_to is null or medium.effective_from < high.effective_to)
        and medium.rule_path = 'SC_MED'

where high.rule_path = 'SC_HIGH' and high.threshold <= medium.threshold
