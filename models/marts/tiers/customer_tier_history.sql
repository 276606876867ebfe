-- One row per review date and customer known by then: the value tier, how it came about, and what deserves attention.

select
    tiers.as_of_date,
    tiers.customer_id,
    tiers.value_tier,
    tiers.computed_tier,
    tiers.rule_tier,
    tiers.rule_path,
    tiers.reason,
    tiers.exclusion_reason,
    tiers.customer_type,
    tiers.absent_components,
    tiers.override_id,
    tiers.override_kind,
    tiers.next_tier,
    attention.at_risk_reason,
    attention.upside_reason,
    attention.attention_reason,
    potential.potential_grade,
    power.spending_power_band,
    power.spending_power_basis,
    cast(tiers.composite_score as decimal(9, 4)) as composite_score,
    cast(tiers.coverage as decimal(9, 4)) as coverage,
    cast(tiers.score_gap_to_next as decimal(9, 4)) as score_gap_to_next,
    cast(tiers.property_net_60m as decimal(18, 2)) as property_net_60m,
    cast(tiers.firm_units_60m as integer) as firm_units_60m,
    cast(tiers.spend_12m_outside_property as decimal(18, 2)) as spend_12m_outside_property,
    cast(tiers.energy_kwh_12m as decimal(18, 3)) as energy_kwh_12m,
    cast(tiers.engagement_score as decimal(9, 4)) as engagement_score,
    cast(tiers.days_since_interaction as integer) as days_since_interaction,
    cast(tiers.override_days_left as integer) as override_days_left,
    tiers.is_provisional,
    coalesce(attention.at_risk_flag, false) as at_risk_flag,
    coalesce(attention.upside_flag, false) as upside_flag,
    coalesce(attention.attention_flag, false) as attention_flag

from {{ ref('int_customers_tiered') }} as tiers
left join {{ ref('int_customers_attention') }} as attention
    on tiers.as_of_date = attention.as_of_date and tiers.customer_key = attention.customer_key
left join {{ ref('int_customers_potential') }} as potential
    on tiers.as_of_date = potential.as_of_date and tiers.customer_key = potential.customer_key
left join {{ ref('int_customers_spending_power') }} as power
    on tiers.as_of_date = power.as_of_date and tiers.customer_key = power.customer_key

where {{ is_shown('tiers.as_of_date') }}
