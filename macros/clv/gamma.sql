{# ln G(z), its first and its second derivative for z > 0: Stirling's series at z + 8, brought back by the recurrence; right to about 1e-11.
   Few engines have these functions. #}
{% macro ln_gamma(z) -%}
    (
        (({{ z }}) + 7.5) * ln(({{ z }}) + 8) - (({{ z }}) + 8) + 0.918938533204672742
        + (1 / 12e0 - (1 / 360e0 - (1 / 1260e0 - 1 / 1680e0 / {{ gamma_square(z) }}) / {{ gamma_square(z) }}) / {{ gamma_square(z) }}) / (({{ z }}) + 8)
        - ln({% for k in range(8) %}(({{ z }}) + {{ k }}){% if not loop.last %} * {% endif %}{% endfor %})
    )
{%- endmacro %}

{# The first derivative of ln G. #}
{% macro digamma(z) -%}
    (
        ln(({{ z }}) + 8) - 0.5 / (({{ z }}) + 8)
        - (1 / 12e0 - (1 / 120e0 - (1 / 252e0 - 1 / 240e0 / {{ gamma_square(z) }}) / {{ gamma_square(z) }}) / {{ gamma_square(z) }}) / {{ gamma_square(z) }}
        {%- for k in range(8) %} - 1 / (({{ z }}) + {{ k }}){% endfor %}
    )
{%- endmacro %}

{# The second derivative of ln G. #}
{% macro trigamma(z) -%}
    (
        (1 + (0.5 + (1 / 6e0 - (1 / 30e0 - (1 / 42e0 - 1 / 30e0 / {{ gamma_square(z) }}) / {{ gamma_square(z) }}) / {{ gamma_square(z) }})
        / (({{ z }}) + 8)) / (({{ z }}) + 8)) / (({{ z }}) + 8)
        {%- for k in range(8) %} + 1 / ((({{ z }}) + {{ k }}) * (({{ z }}) + {{ k }})){% endfor %}
    )
{%- endmacro %}

{#- The square of the argument of the series. -#}
{% macro gamma_square(z) -%}((({{ z }}) + 8) * (({{ z }}) + 8)){%- endmacro %}
