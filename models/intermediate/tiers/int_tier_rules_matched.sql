-- One row per graded date and customer known by then: the first tier rule that holds, its tier and level, and what it looked at.
-- A measure that is null meets nothing, nor does a rule without a threshold, or out of force, that day.
{% set conditions = {
    'EXCL': 'facts.exclusion_reason is not null',
    'POT': "not facts.holds_a_line and facts.has_marketing_consent and coalesce(facts.intent_level, '') <> 'D'",
    'NOQ': 'not facts.holds_a_line',
    'HR_ENERGY': 'facts.energy_kwh_12m >= thresholds.energy_kwh_12m',
    'HR_PROPERTY': 'facts.property_net_60m >= thresholds.property_net_60m or facts.firm_units_60m >= thresholds.firm_units_60m',
    'HR_SPEND': 'facts.spend_12m_outside_property >= thresholds.spend_12m_outside_property',
    'SC_HIGH': 'facts.composite_score >= thresholds.high_score',
    'SC_MED': 'facts.composite_score >= thresholds.medium_score',
    'MR_ENGAGED': 'facts.engagement_score >= thresholds.engagement_score'
    ~ ' and facts.days_since_interaction <= thresholds.days_since_interaction',
    'LOW': 'true'
} %}

with

orders as (

    select
        as_of_date,
        {%- for rule_path in conditions %}
        max(case when rule_path = '{{ rule_path }}' then rule_order end) as {{ rule_path | lower }}_order
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_tier_rules_in_force') }}

    group by as_of_date

),

matched as (

    select
        facts.*,
        parameters.min_coverage,
        least(
            {%- for rule_path, condition in conditions.items() %}
            coalesce(case when {{ condition }} then orders.{{ rule_path | lower }}_order end, 999)
            {%- if not loop.last %},{% endif %}
            {%- endfor %}
        ) as rule_order

    from {{ ref('int_tier_facts') }} as facts
    inner join orders
        on facts.as_of_date = orders.as_of_date
    inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
        on facts.as_of_date = thresholds.as_of_date and facts.customer_type = thresholds.customer_type
    inner join {{ ref('int_parameters_in_force') }} as parameters
        on facts.as_of_date = parameters.as_of_date

)

select
    matched.as_of_date,
    matched.customer_key,
    matched.customer_id,
    matched.customer_type,
    rules.rule_path,
    rules.rule_tier,
    rules.rule_level,
    matched.exclusion_reason,
    matched.absent_components,
    matched.composite_score,
    matched.coverage,
    matched.holds_a_line and matched.coverage < matched.min_coverage as is_provisional,
    matched.property_net_60m,
    matched.firm_units_60m,
    matched.spend_12m_outside_property,
    matched.energy_kwh_12m,
    matched.engagement_score,
    matched.days_since_interaction

from matched
inner join {{ ref('int_tier_rules_in_force') }} as rules
    on matched.as_of_date = rules.as_of_date and matched.rule_order = rules.rule_order
