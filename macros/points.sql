{# Points for an amount (decimal, not negative) at so many per unit and a multiplier (up to 8 decimals): the whole part, at most `cap`.
   Everything is made whole numbers first: no half point comes or goes by rounding. #}
{% macro points_of(amount, per_unit, multiplier, cap) -%}
    cast(
        least(
            {{ cap }},
            {{ whole_division(
                "cast(cast(" ~ amount ~ " as decimal(38, 2)) * 100 as decimal(38, 0))"
                ~ " * cast(cast(" ~ per_unit ~ " as decimal(38, 6)) * 1000000 as decimal(38, 0))"
                ~ " * cast(cast(" ~ multiplier ~ " as decimal(38, 8)) * 100000000 as decimal(38, 0))",
                "cast(10000000000000000 as decimal(38, 0))"
            ) }}
        ) as bigint
    )
{%- endmacro %}

{# The last day of the quarter of a date. #}
{% macro quarter_end(date) -%}
    {{ add_days(add_months("cast(date_trunc('quarter', " ~ date ~ ") as date)", 3), -1) }}
{%- endmacro %}
