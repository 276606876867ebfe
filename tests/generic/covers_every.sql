{# Every key of the other relation is here exactly once, and no other key is. #}
{% test covers_every(model, columns, of, of_where='true') %}

with

here as (

    select
        {{ columns | join(', ') }},
        count(*) as row_count

    from {{ model }}

    group by {{ columns | join(', ') }}

),

there as (

    select distinct {{ columns | join(', ') }}

    from {{ of }}

    where {{ of_where }}

)

select
    {%- for column in columns %}
    coalesce(here.{{ column }}, there.{{ column }}) as {{ column }},
    {%- endfor %}
    here.row_count

from here
full outer join there
    on
        {%- for column in columns %}
        {{ 'and ' if not loop.first }}here.{{ column }} = there.{{ column }}
        {%- endfor %}

where here.row_count is null or here.row_count <> 1 or there.{{ columns[0] }} is null

{% endtest %}
