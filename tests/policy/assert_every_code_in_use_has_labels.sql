-- Every segment, tier, rule, component and band the policy can give has a label in English and in Chinese.

with

codes as (

    select 'rfm_segment' as code_type, segment as code from {{ ref('policy_rfm_segments') }}

    where segment <> 'impossible'

    union

    select 'rule_path' as code_type, rule_path as code from {{ ref('policy_tier_rules') }}

    union

    select 'reason' as code_type, reason as code from {{ ref('int_tier_states') }}

    union

    select 'value_tier' as code_type, value_tier as code from {{ ref('policy_tier_rules') }}

    where value_tier is not null

    union

    select 'component' as code_type, component as code from {{ ref('policy_tier_weights') }}

    union

    select 'lob' as code_type, lob as code from {{ ref('policy_lobs') }}

    union

    select 'clv_band' as code_type, clv_band as code from {{ ref('policy_clv_cuts') }}

    union

    select 'question_code' as code_type, question_code as code from {{ ref('policy_survey_questions') }}

    union

    select 'survey_scale' as code_type, scale as code from {{ ref('policy_survey_scales') }}

    union

    select 'survey_channel' as code_type, channel as code from {{ ref('policy_survey_channels') }}

    union

    select 'survey_type' as code_type, survey_type as code from {{ ref('policy_survey_types') }}

    union

    select 'severity' as code_type, severity as code from {{ ref('policy_sla') }}

    union

    select 'event_type' as code_type, event_type as code from {{ ref('policy_interaction_events') }}

    union

    select 'intent_level' as code_type, intent_level as code from {{ ref('policy_intent_grades') }}

    union

    select 'expected_purchase_window' as code_type, purchase_window as code from {{ ref('policy_intent_grades') }}

    union

    select 'lifecycle_stage' as code_type, lifecycle_stage as code from {{ ref('policy_lifecycle_stages') }}

    union

    select 'area_band' as code_type, area_band as code from {{ ref('policy_energy_area_bands') }}

    union

    select 'energy_advice' as code_type, advice_id as code from {{ ref('policy_energy_advice') }}

    union

    select code_type, code from {{ ref('policy_tier_terms') }}

    union

    select 'tier_vocabulary' as code_type, vocabulary as code from {{ ref('policy_tier_aliases') }}

    union

    select 'tier_alias' as code_type, alias as code from {{ ref('policy_tier_aliases') }}

    union

    select 'spending_power_band' as code_type, spending_power_band as code from {{ ref('policy_spending_power') }}

    union

    select 'spending_power_basis' as code_type, basis as code from {{ ref('policy_spending_power') }}

    union

    select 'override_reason' as code_type, reason_code as code from {{ ref('policy_override_reasons') }}

    union

    select 'expert_dimension' as code_type, dimension as code from {{ ref('policy_expert_dimensions') }}

    union

    select 'alert_rule' as code_type, rule_id as code from {{ ref('policy_alerts') }}

    union

    select 'tier_metric' as code_type, metric as code from {{ ref('policy_alerts') }}

    union

    select 'tier_metric' as code_type, kpi as code from {{ ref('policy_kpi_targets') }}

    union

    select 'card_tier' as code_type, card_tier as code from {{ ref('policy_card_tiers') }}

    union

    select 'benefit' as code_type, benefit as code from {{ ref('policy_benefits') }}

)

select
    'policy_labels.csv: ' || codes.code_type || ' ' || codes.code || ' has labels in ' || {{ shown('count(distinct labels.lang)') }}
    || ' of 2 languages; add the rows for en and zh.' as problem

from codes
left join {{ ref('policy_labels') }} as labels
    on codes.code_type = labels.code_type and codes.code = labels.code

group by codes.code_type, codes.code

having count(distinct labels.lang) <> 2
