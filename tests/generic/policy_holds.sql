{# Each condition is true for every row of the scenario of this run: false and null both fail. One sentence per row and condition. #}
{% test policy_holds(model, conditions, key_columns=[]) %}

{%- set columns = graph.nodes['seed.tiering.' ~ model.identifier].config.column_types | list if execute else [] %}

with

policy as (

    select * from {{ model }}

    where scenario_id = '{{ scenario() }}'

)
{% for condition in conditions %}
select
    {{ policy_row(model.identifier, 'policy', key_columns) }} || 'it must be true that {{ condition | replace("'", "") }}'
    {%- for column in columns if modules.re.search('\\b' ~ column ~ '\\b', condition) %}
    || '{{ ", but " if loop.first else ", " }}{{ column }} is ' || {{ shown(column) }}
    {%- endfor %} || '.' as problem

from policy

where not coalesce({{ condition }}, false)
{%- if not loop.last %}

union all
{% endif %}
{%- endfor %}

{% endtest %}
