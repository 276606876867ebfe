{# Is the policy row `policy` of the scenario of this run? #}
{% macro of_scenario(policy) -%}
    {{ policy }}.scenario_id = '{{ checked_var("scenario_id", "^[A-Za-z0-9_-]+$") }}'
{%- endmacro %}

{# Is the policy row `policy` of the scenario of this run, and in force on the date? #}
{% macro in_force(policy, on_date) -%}
    {{ of_scenario(policy) }}
    and {{ policy }}.effective_from <= {{ on_date }}
    and ({{ policy }}.effective_to is null or {{ on_date }} < {{ policy }}.effective_to)
{%- endmacro %}

{# The 24 months, in days, over which variety, units and the group's frequency are counted. #}
{% macro activity_window_days() -%}{{ return(730) }}{%- endmacro %}

{# The highest score whose bound is met, 1 when none is: columns of int_rfm_cuts_in_force, aliased `cuts`. #}
{% macro score_by_cuts(value, measure) -%}
    case
        {%- for score in [5, 4, 3, 2] %}
        when {{ value }} * cuts.{{ measure }}_sign >= cuts.{{ measure }}_bound_{{ score }} then {{ score }}
        {%- endfor %}
        else 1
    end
{%- endmacro %}

{# Quintile of a measure within the partition: equal values get equal scores, a tied block the lower one. #}
{% macro score_by_rank(order_by, partition_by) -%}
    cast(1 + least(4, floor(5 * percent_rank() over (partition by {{ partition_by }} order by {{ order_by }}))) as integer)
{%- endmacro %}

{# The line of business of transactions whose file has no column for it: one of the five. #}
{% macro default_lob() -%}
    {{ return(checked_var('default_lob', '^(' ~ codes('lob') | join('|') ~ ')$')) }}
{%- endmacro %}

{# How much of its weight something still has after so many days: halved every `half_life` days, to 6 decimals. #}
{% macro decay(age_days, half_life) -%}
    cast(
        power(cast(0.5 as {{ type_double() }}), cast({{ age_days }} as {{ type_double() }}) / {{ half_life }}) as decimal(9, 6)
    )
{%- endmacro %}

{# The components of the composite tier score: each is a model int_component_<name> and a row of policy_tier_weights. #}
{% macro tier_components() -%}
    {{ return(['rfm', 'clv', 'variety', 'loyalty', 'satisfaction', 'feedback', 'engagement', 'expert']) }}
{%- endmacro %}

{# The rows of components (all, unless some are left out), one under the other. #}
{% macro union_of_components(without=[]) -%}
    {%- for component in tier_components() | reject('in', without) %}
    select as_of_date, customer_key, component, cast(score as decimal(9, 4)) as score from {{ ref('int_component_' ~ component) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{# One end (`side` - or +) of Wilson's interval for a share p among n, both doubles, n > 0. #}
{% macro wilson_bound(p, n, z, side) -%}
    (({{ p }} + {{ z }} * {{ z }} / (2 * {{ n }}) {{ side }} {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})))
    / (1 + {{ z }} * {{ z }} / {{ n }}))
{%- endmacro %}

{# A category as it may be shown to everybody: what is long or has digits is free text, which may name somebody. #}
{% macro shown_category(category) -%}
    case
        when {{ category }} is null then 'unknown'
        when length({{ category }}) <= 40 and not {{ matches(category, '[0-9]') }} then {{ category }}
        else 'other'
    end
{%- endmacro %}

{# Does the review (`lines`: as_of_date, lob, is_contractual) see the span of int_activity_spans, and does it count for it? #}
{% macro counts_as_activity(spans, lines) -%}
    {{ spans }}.lob = {{ lines }}.lob
    and {{ spans }}.seen_from <= {{ lines }}.as_of_date
    and ({{ spans }}.seen_until is null or {{ lines }}.as_of_date < {{ spans }}.seen_until)
    and ({{ spans }}.span_kind in ('occasion', 'interaction') or {{ lines }}.is_contractual)
{%- endmacro %}

{# The measures of customers that tier rules compare with a threshold each, and that advice is given on. #}
{% macro tier_measures() -%}
    {{ return(['composite_score', 'property_net_60m', 'spend_12m_outside_property', 'energy_kwh_12m', 'engagement_score']) }}
{%- endmacro %}
