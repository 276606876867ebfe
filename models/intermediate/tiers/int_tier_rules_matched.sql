-- One row per graded date and customer known by then: the first tier rule that holds, its tier and level, and what it looked at.

with

facts as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        reviews.customer_id,
        reviews.customer_type,
        reviews.exclusion_reason,
        reviews.has_marketing_consent,
        coalesce(scores.r_score, 0) > 0 as holds_a_line,
        composite.composite_score,
        coalesce(composite.coverage, 0) as coverage,
        absent.absent_components,
        case when reviews.is_scoreable then coalesce(property.property_net_60m, 0) end as property_net_60m,
        case when reviews.is_scoreable then coalesce(property.firm_units_60m, 0) end as firm_units_60m,
        scores.spend_12m_outside_property

    from {{ ref('int_customer_reviews') }} as reviews
    left join {{ ref('int_customers_rfm_segmented') }} as scores
        on reviews.as_of_date = scores.as_of_date and reviews.customer_key = scores.customer_key
    left join {{ ref('int_customers_composite') }} as composite
        on reviews.as_of_date = composite.as_of_date and reviews.customer_key = composite.customer_key
    left join {{ ref('int_customers_components_absent') }} as absent
        on reviews.as_of_date = absent.as_of_date and reviews.customer_key = absent.customer_key
    left join {{ ref('int_customers_property') }} as property
        on reviews.as_of_date = property.as_of_date and reviews.customer_key = property.customer_key

),

judged as (

    select
        facts.*,
        parameters.min_coverage,
        thresholds.high_score,
        thresholds.medium_score,
        case
            when facts.exclusion_reason is not null then 'EXCL'
            when not facts.holds_a_line and facts.has_marketing_consent then 'POT'
            when not facts.holds_a_line then 'NOQ'
            when
                facts.property_net_60m >= thresholds.property_net_60m
                or facts.firm_units_60m >= thresholds.firm_units_60m
                then 'HR_PROPERTY'
            when facts.spend_12m_outside_property >= thresholds.spend_12m_outside_property then 'HR_SPEND'
            when facts.composite_score >= thresholds.high_score then 'SC_HIGH'
            when facts.composite_score >= thresholds.medium_score then 'SC_MED'
            else 'LOW'
        end as rule_path

    from facts
    inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
        on facts.as_of_date = thresholds.as_of_date and facts.customer_type = thresholds.customer_type
    inner join {{ ref('int_parameters_in_force') }} as parameters
        on facts.as_of_date = parameters.as_of_date

)

select
    judged.as_of_date,
    judged.customer_key,
    judged.customer_id,
    judged.customer_type,
    judged.rule_path,
    rules.value_tier as rule_tier,
    case rules.value_tier when 'high' then 2 when 'medium' then 1 when 'low' then 0 end as rule_level,
    judged.exclusion_reason,
    judged.absent_components,
    judged.composite_score,
    judged.coverage,
    judged.holds_a_line and judged.coverage < judged.min_coverage as is_provisional,
    judged.property_net_60m,
    judged.firm_units_60m,
    judged.spend_12m_outside_property

from judged
inner join {{ ref('policy_tier_rules') }} as rules
    on judged.rule_path = rules.rule_path and {{ in_force('rules', 'judged.as_of_date') }}
