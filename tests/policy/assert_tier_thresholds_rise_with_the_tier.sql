-- As long as both are in force, the score for high is above the score for medium.

select
    {{ policy_row('policy_tier_thresholds', 'high', ['rule_path', 'customer_type']) }} || 'the score for high, '
    || {{ shown('high.threshold') }} || ', is not above the score for medium (SC_MED), '
    || {{ shown('medium.threshold') }} || '; nobody could be medium: raise the one or lower the other.' as problem

from {{ ref('policy_tier_thresholds') }} as high
inner join {{ ref('policy_tier_thresholds') }} as medium
    on
        high.scenario_id = medium.scenario_id
        and high.customer_type = medium.customer_type
        and (medium.effective_to is null or high.effective_from < medium.effective_to)
        and (high.effective_to is null or medium.effective_from < high.effective_to)
        and medium.rule_path = 'SC_MED'

where
    high.scenario_id = '{{ scenario() }}'
    and high.rule_path = 'SC_HIGH'
    and high.threshold <= medium.threshold
