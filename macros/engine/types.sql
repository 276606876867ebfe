{# An 8-byte floating point number. #}
{% macro type_double() -%}{{ return(adapter.dispatch('type_double', 'tiering')()) }}{%- endmacro %}
{% macro default__type_double() -%}double precision{%- endmacro %}
{% macro duckdb__type_double() -%}double{%- endmacro %}
{% macro spark__type_double() -%}double{%- endmacro %}

{# Text of any length. #}
{% macro type_text() -%}{{ return(adapter.dispatch('type_text', 'tiering')()) }}{%- endmacro %}
{% macro default__type_text() -%}text{%- endmacro %}
{% macro duckdb__type_text() -%}varchar{%- endmacro %}
{% macro spark__type_text() -%}string{%- endmacro %}

{# A cast of text that was checked to have the right shape: null where it still is no value of the type (30 February). #}
{% macro try_cast(expression, type) -%}{{ return(adapter.dispatch('try_cast', 'tiering')(expression, type)) }}{%- endmacro %}
{#- PostgreSQL has no such cast: numbers are measured first, dates and moments go through functions made by create_try_functions. #}
{% macro default__try_cast(expression, type) -%}
    {%- if type.startswith('decimal') -%}
        {%- set precision, scale = type[8:-1].split(',') -%}
        case
            when abs(round(cast({{ expression }} as numeric), {{ scale | int }})) < 1e{{ (precision | int) - (scale | int) }}
                then cast({{ expression }} as {{ type }})
        end
    {%- elif type == 'integer' -%}
        case when abs(cast({{ expression }} as numeric)) < 2147483647 then cast(cast({{ expression }} as numeric) as integer) end
    {%- else -%}
        {{ target.schema }}.try_{{ type }}({{ expression }})
    {%- endif -%}
{%- endmacro %}
{% macro duckdb__try_cast(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro %}
{% macro spark__try_cast(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro %}

{# At the start of a run: what the casts above need on engines that have no safe cast. Nothing on the others. #}
{% macro create_try_functions() -%}{{ return(adapter.dispatch('create_try_functions', 'tiering')()) }}{%- endmacro %}
{% macro default__create_try_functions() -%}{%- endmacro %}
{% macro postgres__create_try_functions() -%}
    create schema if not exists {{ target.schema }};
    {%- for type in ['date', 'timestamp', 'timestamptz'] %}
    create or replace function {{ target.schema }}.try_{{ type }}(delivered text) returns {{ type }} as $$
    begin
        return delivered::{{ type }};
    exception when others then
        return null;
    end
    $$ language plpgsql immutable;
    {%- endfor %}
{%- endmacro %}
