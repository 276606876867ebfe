-- One row per graded date and customer known by then: the tier after overrides, how it came about, and what is missing to the next.

with

tiers as (

    select
        rules.*,
        case when overrides.customer_key is null then states.computed_tier else overrides.final_tier end as value_tier,
        states.computed_tier,
        states.reason,
        overrides.override_id,
        overrides.override_kind,
        overrides.override_tier,
        overrides.override_days_left,
        case
            when states.computed_level > rules.rule_level then states.computed_level
            else rules.rule_level
        end as reached_level

    from {{ ref('int_tier_rules_matched') }} as rules
    inner join {{ ref('int_tier_states') }} as states
        on rules.as_of_date = states.as_of_date and rules.customer_key = states.customer_key
    left join {{ ref('int_tier_overrides_applied') }} as overrides
        on rules.as_of_date = overrides.as_of_date and rules.customer_key = overrides.customer_key

),

followed as (

    select
        tiers.*,
        case reached_level when 0 then 'medium' when 1 then 'high' end as next_tier

    from tiers

)

select
    tiers.*,
    case
        when tiers.composite_score is null then null
        when tiers.next_tier = 'medium' then greatest(0, thresholds.medium_score - tiers.composite_score)
        when tiers.next_tier = 'high' then greatest(0, thresholds.high_score - tiers.composite_score)
    end as score_gap_to_next

from followed as tiers
inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
    on tiers.as_of_date = thresholds.as_of_date and tiers.customer_type = thresholds.customer_type
