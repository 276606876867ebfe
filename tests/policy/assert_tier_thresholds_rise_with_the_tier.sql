-- The score for high is above the score for medium, and every customer type has every threshold.

select
    high.scenario_id,
    high.customer_type,
    high.threshold as high_score,
    medium.threshold as medium_score

from {{ ref('policy_tier_thresholds') }} as high
full outer join {{ ref('policy_tier_thresholds') }} as medium
    on
        high.scenario_id = medium.scenario_id
        and high.customer_type = medium.customer_type
        and high.effective_from = medium.effective_from
        and medium.rule_path = 'SC_MED'

where high.rule_path = 'SC_HIGH' and (medium.threshold is null or high.threshold <= medium.threshold)
