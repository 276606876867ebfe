{# numerator / denominator (> 0) to `scale` decimals, halves away from zero, null when the denominator is 0.
   Both sides may have up to `decimals` decimals; they are made whole numbers first, so the result is exact. #}
{% macro ratio(numerator, denominator, scale, decimals) -%}
    {%- set whole = 10 ** decimals -%}
    cast(
        cast(
            sign({{ numerator }}) * {{ whole_division(
                "cast(abs(" ~ numerator ~ ") as decimal(38, " ~ decimals ~ ")) * " ~ (2 * whole * 10 ** scale)
                ~ " + cast(" ~ denominator ~ " as decimal(38, " ~ decimals ~ ")) * " ~ whole,
                "nullif(cast(" ~ denominator ~ " as decimal(38, " ~ decimals ~ ")) * " ~ (2 * whole) ~ ", 0)"
            ) }} as decimal(24, 0)
        ) * cast(1e-{{ scale }} as decimal({{ scale + 1 }}, {{ scale }})) as decimal(18, {{ scale }})
    )
{%- endmacro %}

{# How often one whole number (any numeric type, no negatives) goes into another. #}
{% macro whole_division(numerator, denominator) -%}
    {{ return(adapter.dispatch('whole_division', 'tiering')(numerator, denominator)) }}
{%- endmacro %}
{% macro default__whole_division(numerator, denominator) -%}div({{ numerator }}, {{ denominator }}){%- endmacro %}
{% macro duckdb__whole_division(numerator, denominator) -%}
    (cast({{ numerator }} as hugeint) // cast({{ denominator }} as hugeint))
{%- endmacro %}
{% macro spark__whole_division(numerator, denominator) -%}(({{ numerator }}) div ({{ denominator }})){%- endmacro %}

{# Product of two decimals as money: two decimals, halves away from zero. Wide enough for any accepted amount. #}
{% macro money_product(amount, factor) -%}
    cast({{ wide_product(amount, factor) }} as decimal(18, 2))
{%- endmacro %}

{# Product of an amount and a rate with all its decimals. DuckDB makes a product no wider than its factors: one is widened first. #}
{% macro wide_product(amount, factor) -%}
    (cast({{ amount }} as decimal(20, 2)) * {{ factor }})
{%- endmacro %}

{# A double to so many decimals, halves away from zero: what it is off by six decimals further on does not decide a half. #}
{% macro rounded(value, decimals) -%}
    cast(cast({{ value }} as decimal(28, {{ decimals + 6 }})) as decimal(18, {{ decimals }}))
{%- endmacro %}

{# Whole steps of 0.0001 as the points they are: a decimal of four places. #}
{% macro steps_as_points(steps) -%}
    cast(cast({{ steps }} as decimal(18, 0)) * cast(1e-4 as decimal(5, 4)) as decimal(9, 4))
{%- endmacro %}
