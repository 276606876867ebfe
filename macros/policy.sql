{# The policy this run grades by: `live`, or a candidate. #}
{% macro scenario() -%}{{ return(checked_var('scenario_id', '^[A-Za-z0-9_-]+$')) }}{%- endmacro %}

{# After a policy seed is loaded: a scenario without rows of its own in it takes the live ones. #}
{% macro take_live_rows() -%}
    {%- set columns = model.config.column_types.keys() | list -%}
    {%- if scenario() != 'live' and 'scenario_id' in columns and 'effective_from' in columns -%}
        insert into {{ this }} ({{ columns | join(', ') }})
        select
            {%- for column in columns %}
            {{ "'" ~ scenario() ~ "'" if column == 'scenario_id' else 'live.' ~ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ this }} as live
        where live.scenario_id = 'live' and not exists (select 1 from {{ this }} as own where own.scenario_id = '{{ scenario() }}')
    {%- endif -%}
{%- endmacro %}

{# A value as a sentence shows it. #}
{% macro shown(value) -%}coalesce(cast({{ value }} as {{ type_text() }}), '(empty)'){%- endmacro %}

{# How a sentence about a policy row begins: its file, its key and since when it is in force. `row`: alias of the row. #}
{% macro policy_row(seed, row, keys) -%}
    '{{ seed }}.csv, '
    {%- for key in keys %} || '{{ key }} ' || {{ shown(row ~ '.' ~ key) }} || ', '{% endfor %}
    || 'from ' || {{ shown(row ~ '.effective_from') }}
    {%- if scenario() != 'live' %} || ' (scenario {{ scenario() }})'{% endif %} || ': '
{%- endmacro %}

{# Rows of this scenario, of a seed whose CTE is to be called `policy`: days on which any of these seeds changes. #}
{% macro policy_change_days(seeds) -%}
    {%- for seed in seeds %}
    select effective_from as change_day from {{ ref(seed) }}

    where scenario_id = '{{ scenario() }}'

    union

    select effective_to as change_day from {{ ref(seed) }}

    where scenario_id = '{{ scenario() }}' and effective_to is not null
    {%- if not loop.last %}

    union
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{# The figures of tier_kpis. #}
{% macro tier_kpis() -%}
    {{ return([
        'tier_share', 'up_rate', 'down_rate', 'stable_rate', 'mean_days_in_tier', 'provisional_share', 'override_share', 'mean_coverage',
        'absent_share'
    ]) }}
{%- endmacro %}

{# What each tier rule of int_tier_rules_matched looks at. #}
{% macro tier_rule_measures() -%}
    {{ return({
        'EXCL': [],
        'POT': [],
        'NOQ': [],
        'HR_ENERGY': ['energy_kwh_12m'],
        'HR_PROPERTY': ['property_net_60m', 'firm_units_60m'],
        'HR_SPEND': ['spend_12m_outside_property'],
        'SC_HIGH': ['composite_score'],
        'SC_MED': ['composite_score'],
        'MR_ENGAGED': ['engagement_score', 'days_since_interaction'],
        'LOW': [],
    }) }}
{%- endmacro %}

{# The codes that something computes, by policy seed and column: any other would be passed over in silence. #}
{% macro policy_codes() -%}
    {%- set rules = tier_rule_measures() -%}
    {%- set levels = ['high', 'medium', 'low'] -%}
    {{ return({
        'policy_lobs': {
            'lob': codes('lob') | list,
            'occasion_basis': ['day', 'contract'],
            'purchase_model': ['none', 'bg_nbd', 'mbg_nbd'],
        },
        'policy_rfm_measures': {
            'measure': ['recency', 'frequency', 'monetary'],
            'direction': ['lower_is_better', 'higher_is_better'],
            'mode': ['fixed', 'quantile'],
        },
        'policy_rfm_cuts': {
            'lob': ['group'] + (codes('lob') | list),
            'measure': ['recency', 'frequency', 'monetary'],
            'score': [2, 3, 4, 5],
        },
        'policy_tier_weights': {'component': tier_components()},
        'policy_tier_rules': {'rule_path': rules | list, 'value_tier': levels + ['potential']},
        'policy_tier_thresholds': {
            'rule_path': rules | list,
            'customer_type': codes('customer_type') | list,
            'measure': rules.values() | sum(start=[]) | unique | list,
        },
        'policy_tier_costs': {'value_tier': levels + ['potential']},
        'policy_tier_aliases': {'value_tier': levels + ['potential']},
        'policy_spending_power': {'basis': ['income', 'ticket'], 'spending_power_band': ['high_end', 'mid_range', 'low_end']},
        'policy_approvers': {
            'axis': ['value', 'card'],
            'tier': levels + ['potential'] + card_tiers() + ['*'],
        },
        'policy_card_tiers': {'card_tier': card_tiers(), 'card_rank': [0, 1, 2, 3, 4]},
        'policy_card_rules': {'card_tier': card_tiers()[1:], 'purpose': ['entry', 'maintain'], 'metric': card_metrics()},
        'policy_card_program': {
            'period_type': ['rolling', 'calendar_year', 'anniversary', 'lifetime'],
            'downgrade_mode': ['one_level', 'to_earned', 'to_base'],
        },
        'policy_points_rates': {'lob': codes('lob') | list, 'basis': ['event', 'paid', 'firm']},
        'policy_card_floors': {'card_tier': card_tiers(), 'floor_tier': card_tiers()},
        'policy_alerts': {
            'metric': tier_kpis() + ['psi', 'override_renewals', 'approver_share', 'clv_gate_closed'],
            'alerts_when': ['above', 'below'],
            'severity': ['alert', 'alarm'],
        },
        'policy_kpi_targets': {'kpi': tier_kpis(), 'better': ['higher', 'lower']},
        'policy_clv_tenure_bands': {'lob': codes('lob') | list},
        'policy_interaction_events': {'event_type': (codes('interaction_type') | list) + ['unknown']},
        'policy_txn_types': {
            'txn_type': codes('txn_type') | list,
            'direction': codes('direction') | list,
            'role': ['sale', 'reversal', 'adjustment', 'none'],
        },
        'policy_sla': {'severity': codes('severity') | list},
        'policy_survey_channels': {'channel': codes('survey_channel') | list},
        'policy_survey_types': {'survey_type': codes('survey_type') | list},
    }) }}
{%- endmacro %}

{# At the end of a run: the sentences of the policy tests that failed, under dbt's own count of them. #}
{% macro tell_policy_problems(results) -%}
    {%- for result in results if execute and result.status in ('fail', 'warn') and result.node.resource_type == 'test' -%}
        {%- if 'as problem' in result.node.compiled_code -%}
            {%- set query = 'select distinct problem from (' ~ result.node.compiled_code ~ ') as found order by problem limit 20' -%}
            {%- for row in run_query(query) -%}
                {%- do log(result.node.name ~ ': ' ~ row[0], info=true) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
