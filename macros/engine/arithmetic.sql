{# numerator / denominator to `scale` decimals, halves upwards, null when the denominator is 0.
   Computed as floor((2 n 10^scale + d) / 2d) in doubles, which is exact while n 10^scale stays below 2^52. #}
{% macro ratio(numerator, denominator, scale) -%}
    cast(
        floor(
            (cast({{ numerator }} as {{ type_double() }}) * {{ 2 * 10 ** scale }} + cast({{ denominator }} as {{ type_double() }}))
            / nullif(2 * cast({{ denominator }} as {{ type_double() }}), 0)
        ) / {{ 10 ** scale }} as decimal(18, {{ scale }})
    )
{%- endmacro %}

{# Product of two decimals as money: two decimals, halves away from zero. Wide enough for any accepted amount. #}
{% macro money_product(amount, factor) -%}
    cast(cast({{ amount }} as decimal(24, 2)) * {{ factor }} as decimal(18, 2))
{%- endmacro %}
