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
{% macro default__try_cast(expression, type) -%}
    case when pg_input_is_valid({{ expression }}, '{{ type }}') then cast({{ expression }} as {{ type }}) end
{%- endmacro %}
{% macro duckdb__try_cast(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro %}
{% macro spark__try_cast(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro %}
