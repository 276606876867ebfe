{# A text with its {placeholders} filled in. One whose value is null stays, so that a test sees it; one that is not there is no loss. #}
{% macro filled(template, values) -%}
    {%- set filling = namespace(text=template) -%}
    {%- for name, value in values.items() -%}
        {%- set filling.text = "replace(" ~ filling.text ~ ", '{" ~ name ~ "}', coalesce(" ~ value ~ ", '{" ~ name ~ "}'))" -%}
    {%- endfor -%}
    {{ return(filling.text) }}
{%- endmacro %}

{# A text that begins with a capital letter. #}
{% macro capitalised(text) -%}upper(substring({{ text }}, 1, 1)) || substring({{ text }}, 2){%- endmacro %}

{# Tenths, a whole number, as text with one decimal: 679 is 67.9. #}
{% macro tenths_as_text(tenths) -%}
    cast(cast(cast({{ tenths }} as decimal(17, 0)) * cast(0.1 as decimal(2, 1)) as decimal(18, 1)) as {{ type_text() }})
{%- endmacro %}

{# Points to one decimal, the rest cut off: 69.97 is not shown as the 70.0 it does not reach. #}
{% macro points_as_text(points) -%}{{ tenths_as_text('floor(10 * ' ~ points ~ ')') }}{%- endmacro %}

{# Points to one decimal, the rest made full: so many are enough. #}
{% macro enough_points_as_text(points) -%}{{ tenths_as_text('ceil(10 * ' ~ points ~ ')') }}{%- endmacro %}

{# An amount in whole units with commas between thousands, the rest cut off; below 10^15. #}
{% macro amount_as_text(amount) -%}
    {%- set digits = "cast(cast(floor(abs(" ~ amount ~ ")) as bigint) as " ~ type_text() ~ ")" -%}
    case when {{ amount }} <= -1 then '-' else '' end
    || case
        {%- for groups in [4, 3, 2, 1] %}
        when length({{ digits }}) > {{ 3 * groups }}
            then substring({{ digits }}, 1, length({{ digits }}) - {{ 3 * groups }})
            {%- for group in range(groups, 0, -1) %} || ',' || substring({{ digits }}, length({{ digits }}) - {{ 3 * group - 1 }}, 3){% endfor %}
        {%- endfor %}
        else {{ digits }}
    end
{%- endmacro %}
