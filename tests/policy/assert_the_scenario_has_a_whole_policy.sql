-- Every policy table has rows of this scenario in force at the as-of date: a scenario does not fall back to the live one.
{% set tables = [
    'policy_lobs', 'policy_rfm_cuts', 'policy_rfm_measures', 'policy_rfm_segments', 'policy_tier_weights', 'policy_tier_rules',
    'policy_tier_thresholds', 'policy_parameters', 'policy_clv', 'policy_clv_tenure_bands', 'policy_clv_price_bands', 'policy_clv_cuts',
    'policy_interaction_events', 'policy_satisfaction', 'policy_survey_scales', 'policy_survey_channels', 'policy_survey_types',
    'policy_survey_questions', 'policy_feedback', 'policy_sla', 'policy_engagement', 'policy_intent', 'policy_intent_grades',
    'policy_lifecycle', 'policy_lifecycle_stages', 'policy_loyalty', 'policy_energy', 'policy_energy_units', 'policy_energy_tariffs',
    'policy_energy_area_bands', 'policy_energy_advice', 'policy_points_program', 'policy_points_rates', 'policy_points_partners'
] %}
{%- for table in tables %}

select '{{ table }}' as policy_table_without_rows

from {{ ref('int_as_of_date') }} as clock
left join {{ ref(table) }} as policy
    on {{ in_force('policy', 'clock.as_of_date') }}

group by clock.as_of_date

having count(policy.policy_version) = 0
{% if not loop.last %}
union all
{% endif %}
{%- endfor %}
