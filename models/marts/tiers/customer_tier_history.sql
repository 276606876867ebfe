-- One row per review date and customer known by then: the value tier, the rule that gave it, and what the rule looked at.

select
    as_of_date,
    customer_id,
    value_tier,
    computed_tier,
    rule_tier,
    rule_path,
    reason,
    exclusion_reason,
    customer_type,
    absent_components,
    cast(composite_score as decimal(9, 4)) as composite_score,
    cast(coverage as decimal(9, 4)) as coverage,
    cast(score_gap_to_next as decimal(9, 4)) as score_gap_to_next,
    cast(property_net_60m as decimal(18, 2)) as property_net_60m,
    cast(firm_units_60m as integer) as firm_units_60m,
    cast(spend_12m_outside_property as decimal(18, 2)) as spend_12m_outside_property,
    cast(energy_kwh_12m as decimal(18, 3)) as energy_kwh_12m,
    cast(engagement_score as decimal(9, 4)) as engagement_score,
    cast(days_since_interaction as integer) as days_since_interaction,
    is_provisional

from {{ ref('int_customers_tiered') }}

where {{ is_shown('as_of_date') }}
