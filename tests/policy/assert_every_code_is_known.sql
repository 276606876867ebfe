-- Every code in the policy is one that something computes or reads: any other would be passed over in silence.
{% set optional = ['value_tier', 'direction'] %}
{%- for seed, columns in policy_codes().items() %}
{%- set outer = loop %}
{%- set has_versions = seed != 'policy_txn_types' %}
{%- for column, known in columns.items() %}

select
    {% if has_versions %}{{ policy_row(seed, 'policy', [column]) }}{% else %}'{{ seed }}.csv: '{% endif %}
    || '{{ column }} ' || {{ shown('policy.' ~ column) }} || ' means nothing here; known are {{ known | join(", ") }}.' as problem

from {{ ref(seed) }} as policy

where
    coalesce(cast(policy.{{ column }} as {{ type_text() }}), {{ "'" ~ known[0] ~ "'" if column in optional else "''" }})
    not in ('{{ known | join("', '") }}')
    and {{ of_scenario('policy') if has_versions else 'true' }}
{%- if not (loop.last and outer.last) %}

union all
{% endif %}
{%- endfor %}
{%- endfor %}
