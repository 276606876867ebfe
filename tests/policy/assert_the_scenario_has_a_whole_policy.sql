-- Every policy table has rows of this scenario, or of the live one that it falls back to, in force on every graded date.
-- All scenarios are listed in policy_scenarios: a misspelt one would be no row of the policy it was meant for.
{% set tables = [
    'policy_lobs', 'policy_rfm_cuts', 'policy_rfm_measures', 'policy_rfm_segments', 'policy_tier_weights', 'policy_tier_rules',
    'policy_tier_thresholds', 'policy_parameters', 'policy_clv', 'policy_clv_tenure_bands', 'policy_clv_price_bands', 'policy_clv_cuts',
    'policy_interaction_events', 'policy_satisfaction', 'policy_survey_scales', 'policy_survey_channels', 'policy_survey_types',
    'policy_survey_questions', 'policy_feedback', 'policy_sla', 'policy_engagement', 'policy_intent', 'policy_intent_grades',
    'policy_lifecycle', 'policy_lifecycle_stages', 'policy_loyalty', 'policy_energy', 'policy_energy_units', 'policy_energy_tariffs',
    'policy_energy_area_bands', 'policy_energy_advice', 'policy_tiers', 'policy_review_calendar', 'policy_override_reasons', 'policy_overrides',
    'policy_approvers', 'policy_experts', 'policy_expert_dimensions', 'policy_reason_texts', 'policy_attention', 'policy_spending_power',
    'policy_tier_aliases', 'policy_tier_terms', 'policy_tier_costs', 'policy_alerts', 'policy_kpi_targets',
    'policy_points_program', 'policy_points_rates', 'policy_points_partners', 'policy_card_program', 'policy_card_tiers', 'policy_card_rules',
    'policy_card_floors', 'policy_benefits'
] %}

select 'no policy seed has rows of scenario {{ scenario() }}: policy_scenarios.csv does not list it.' as problem

from {{ ref('policy_scenarios') }}

having sum(case when scenario_id = '{{ scenario() }}' then 1 else 0 end) = 0
{%- for table in tables %}

union all

select
    '{{ table }}.csv: no row is in force on ' || {{ shown('review_dates.as_of_date') }}
    || ', which is graded; let the first row begin earlier (1990-01-01: always), or the last one longer.' as problem

from {{ ref('int_review_dates') }} as review_dates
left join {{ ref(table) }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}

where policy.policy_version is null

union all

select distinct
    '{{ table }}.csv: scenario_id ' || coalesce(policy.scenario_id, '(empty)')
    || ' is misspelt, or missing in policy_scenarios.csv.' as problem

from {{ ref(table) }} as policy
left join {{ ref('policy_scenarios') }} as scenarios
    on policy.scenario_id = scenarios.scenario_id

where scenarios.scenario_id is null and coalesce(policy.scenario_id, '') <> '{{ scenario() }}'
{%- endfor %}
