-- One row per customer known at the as-of date: the figures that decided on the tier, as they are said, and the sentences to say them in.

with

compared as (

    select
        tiers.*,
        case tiers.computed_tier when 'high' then 2 when 'medium' then 1 when 'low' then 0 end as computed_level,
        thresholds.property_net_60m as property_from,
        thresholds.firm_units_60m as units_from,
        thresholds.spend_12m_outside_property as spend_from,
        thresholds.energy_kwh_12m as energy_from,
        thresholds.engagement_score as engagement_from,
        thresholds.high_score as high_from,
        thresholds.medium_score as medium_from,
        case tiers.computed_tier when 'high' then thresholds.high_keep when 'medium' then thresholds.medium_keep end as keep,
        case tiers.computed_tier when 'high' then thresholds.high_maintain when 'medium' then thresholds.medium_maintain end
            as maintain

    from {{ ref('int_customers_tiered') }} as tiers
    inner join {{ ref('int_review_dates') }} as review_dates
        on tiers.as_of_date = review_dates.as_of_date and review_dates.is_current
    inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
        on tiers.as_of_date = thresholds.as_of_date and tiers.customer_type = thresholds.customer_type

)

select
    as_of_date,
    customer_key,
    value_tier,
    computed_tier,
    rule_tier,
    -- Of a tier that is kept it is said where it starts.
    case when computed_level > rule_level then computed_tier else next_tier end as next_tier,
    override_tier,
    exclusion_reason,
    case
        when rule_path = 'HR_PROPERTY' and property_net_60m >= property_from then 'fact_HR_PROPERTY_AMOUNT'
        when rule_path = 'HR_PROPERTY' then 'fact_HR_PROPERTY_UNITS'
        when rule_path = 'LOW' and composite_score is null then 'fact_NO_SCORE'
        when rule_path in ('SC_MED', 'LOW') and computed_level > rule_level and composite_score is not null then 'fact_BELOW'
        when rule_path in ('SC_MED', 'LOW') and not coalesce(score_gap_to_next > 0, false) then 'fact_' || rule_path || '_LAST'
        else 'fact_' || rule_path
    end as fact_id,
    case
        when reason = 'HELD_BY_MARGIN' and composite_score < keep then 'reason_HELD_BY_MARGIN_ONCE'
        when reason = 'HELD_BY_MARGIN' and not coalesce(composite_score >= keep, false) then 'reason_HELD_BY_MARGIN_NO_SCORE'
        else 'reason_' || reason
    end as reason_id,
    case when override_kind is null then 'sentence' else 'override_' || override_kind end as sentence_id,
    {{ points_as_text('composite_score') }} as score,
    {{ enough_points_as_text('score_gap_to_next') }} as gap,
    {{ points_as_text('high_from') }} as high_from,
    {{ points_as_text('medium_from') }} as medium_from,
    {{ points_as_text('case computed_level when 2 then high_from when 1 then medium_from end') }} as next_from,
    {{ points_as_text('keep') }} as keep,
    {{ points_as_text('maintain') }} as maintain,
    {{ points_as_text('engagement_score') }} as engagement,
    {{ points_as_text('engagement_from') }} as engagement_from,
    {{ amount_as_text('property_net_60m') }} as property,
    {{ amount_as_text('property_from') }} as property_from,
    {{ amount_as_text('firm_units_60m') }} as units,
    {{ amount_as_text('units_from') }} as units_from,
    {{ amount_as_text('spend_12m_outside_property') }} as spend,
    {{ amount_as_text('spend_from') }} as spend_from,
    {{ amount_as_text('energy_kwh_12m') }} as energy,
    {{ amount_as_text('energy_from') }} as energy_from,
    cast({{ add_days('as_of_date', '-days_since_interaction') }} as {{ type_text() }}) as last_contact,
    cast({{ add_days('as_of_date', 'override_days_left - 1') }} as {{ type_text() }}) as until

from compared
