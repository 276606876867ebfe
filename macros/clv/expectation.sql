{# What the purchase models expect of one customer, given the parameters.

   Who is alive after x repeat purchases and j chances to leave buys at a rate gamma distributed (r + x, alpha + T) and leaves with a
   probability p that is beta distributed (a, b + j). In t more days they buy (1 - (1 + p t/(alpha+T))^-(r+x)) / p times; the expectation
   over p has no closed form that is safe to compute. It is integrated over y = ln(p/(1-p)) = ln(a/(b+j)) + sinh(k h), in which beta
   densities and their tails fall off doubly exponentially: 131 nodes with h = 0.1 give ten digits or more. #}

{# The probability that a customer is still alive: certain where there was no chance to leave yet. #}
{% macro probability_alive(r, alpha, a, b, x, j, recency, age) -%}
    case
        when {{ j }} = 0 then 1
        else 1 / (1 + exp(greatest(least(
            ln({{ a }} / ({{ b }} + {{ j }} - 1)) + ({{ r }} + {{ x }}) * (ln({{ alpha }} + {{ age }}) - ln({{ alpha }} + {{ recency }})), 700
        ), -700)))
    end
{%- endmacro %}

{# The nodes of the integration: k, and sinh and cosh of k h. #}
{% macro expectation_nodes() -%}
select
    k,
    (exp(k / 10e0) - exp(-k / 10e0)) / 2 as sinh,
    (exp(k / 10e0) + exp(-k / 10e0)) / 2 as cosh
from (
    {%- for k in range(-65, 66) %}
    select {{ k }} as k{% if not loop.last %} union all{% endif %}
    {%- endfor %}
) as numbers
{%- endmacro %}

{# From rows (keys, a, b, j) and the relation of nodes: the nodes p with their share of the integral over p ~ Beta(a, b + j). They depend on
   nothing else, so one row serves all ages and horizons. Sums are taken in decimals: they do not depend on their order. What has a share
   of less than 1e-18 is left out. #}
{% macro expectation_shares(rows, nodes, keys) -%}
select
    {{ keys | join(', ') }},
    p,
    weight / total_weight as share
from (
    select
        *,
        cast(
            sum(cast(weight as decimal(38, 20))) over (partition by {{ keys | join(', ') }}) as {{ type_double() }}
        ) as total_weight
    from (
        select
            *,
            1 / (1 + exp(-y)) as p,
            cosh * exp(greatest(
                -a * (ln(1 + exp(-y)) - ln(1 + exp(-middle))) - (b + j) * (ln(1 + exp(y)) - ln(1 + exp(middle))), -700
            )) as weight
        from (
            select
                cases.*,
                nodes.cosh,
                ln(cases.a / (cases.b + cases.j)) as middle,
                ln(cases.a / (cases.b + cases.j)) + nodes.sinh as y
            from {{ rows }} as cases
            cross join {{ nodes }} as nodes
        ) as placed
    ) as weighed
) as summed
where weight > 1e-18 * total_weight
{%- endmacro %}

{# The purchases within a time, `reach` = time / (alpha + T), expected of who is alive and leaves with the probability p; shape is r + x. #}
{% macro purchases_within(shape, p, reach) -%}
    case
        when {{ p }} * {{ reach }} < 1e-6
            then
                {{ shape }} * {{ reach }}
                * (1 - ({{ shape }} + 1) * {{ p }} * {{ reach }} / 2 * (1 - ({{ shape }} + 2) * {{ p }} * {{ reach }} / 3))
        else (1 - exp(-{{ shape }} * ln(1 + {{ p }} * {{ reach }}))) / {{ p }}
    end
{%- endmacro %}

{# The sum of the purchases of each month times its discount, from columns month_0 .. (purchases until the end of each month, 0 at first)
   and monthly_discount: ((m36 - m35) d + m35 - m34) d + ... #}
{% macro discounted_purchases(months) -%}
    {{ '(' * months }}
    {%- for month in range(months, 0, -1) -%}
    {{ ' + ' if not loop.first }}month_{{ month }} - month_{{ month - 1 }}) * monthly_discount
    {%- endfor %}
{%- endmacro %}
