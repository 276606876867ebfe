{# The Gamma-Gamma model of spend per purchase (Fader and Hardie 2013), fitted for all groups in one statement.

   A customer's purchases are gamma distributed with shape p around a mean of their own, which is inverse gamma distributed (q, v) among
   customers. Of a customer with x repeat purchases of total value z,

       log L = ln G(px+q) - ln G(px) - ln G(q) + q ln v + px ln z - ln(z/x) - (px+q) ln(z+v)

   The gamma functions depend on x alone: rows of kind 'count' (x, customers) carry them, rows of kind 'spend' (x, z) the rest. #}

{# Log-likelihood, gradient and Hessian in (ln p, ln q, ln v) at theta + step; the fourth parameter of newton_pass rests.
   `state` and `cells` are relations with the keys; cells: kind, x, z, customers. #}
{% macro spend_model_sums(state, cells, keys) -%}
{%- set terms = spend_model_terms() -%}
select
    {{ keys | join(', ') }},
    {{ newton_carried() }},
    cast(sum(count_customers) as {{ type_double() }}) as customer_count,
    {%- for name in terms %}
    {{ exact_sum("count_customers * (" ~ terms[name][0] ~ ") + spend_customers * (" ~ terms[name][1] ~ ")") }} as {{ name }},
    {%- endfor %}
    0 as g4,
    0 as h14,
    0 as h24,
    0 as h34,
    -1 as h44
from ({{ spend_model_cells(state, cells, keys) }}) as cells_at_theta
group by {{ keys | join(', ') }}
{%- endmacro %}

{# What a row 'count' and a row 'spend' add to each sum. #}
{% macro spend_model_terms() -%}
    {{ return({
        'new_log_likelihood': ['ln_gammas + q * ln_v', 'p * x * ln_z - ln_z + ln(x) - (p * x + q) * ln_zv'],
        'g1': ['p * x * p_digamma', 'p * x * (ln_z - ln_zv)'],
        'g2': ['q * (q_digamma + ln_v)', '-q * ln_zv'],
        'g3': ['q', '-(p * x + q) * v_share'],
        'h11': ['p * x * p_digamma + p * x * p * x * p_trigamma', 'p * x * (ln_z - ln_zv)'],
        'h12': ['p * x * q * pq_trigamma', '0'],
        'h13': ['0', '-p * x * v_share'],
        'h22': ['q * (q_digamma + ln_v) + q * q * q_trigamma', '-q * ln_zv'],
        'h23': ['q', '-q * v_share'],
        'h33': ['0', '-(p * x + q) * v_share * (1 - v_share)'],
    }) }}
{%- endmacro %}

{# The cells with what the terms are made of: p_digamma and q_digamma are the derivatives of the gamma functions by px and q. #}
{% macro spend_model_cells(state, cells, keys) -%}
select
    *,
    case when count_customers > 0 then {{ ln_gamma('p * x + q') }} - {{ ln_gamma('p * x') }} - {{ ln_gamma('q') }} else 0 end as ln_gammas,
    case when count_customers > 0 then {{ digamma('p * x + q') }} - {{ digamma('p * x') }} else 0 end as p_digamma,
    case when count_customers > 0 then {{ digamma('p * x + q') }} - {{ digamma('q') }} else 0 end as q_digamma,
    case when count_customers > 0 then {{ trigamma('p * x + q') }} - {{ trigamma('p * x') }} else 0 end as p_trigamma,
    case when count_customers > 0 then {{ trigamma('p * x + q') }} - {{ trigamma('q') }} else 0 end as q_trigamma,
    case when count_customers > 0 then {{ trigamma('p * x + q') }} else 0 end as pq_trigamma,
    ln(v) as ln_v,
    ln(z) as ln_z,
    ln(z + v) as ln_zv,
    v / (z + v) as v_share
from (
    select
        state.*,
        cells.x,
        coalesce(cells.z, 1) as z,
        case when cells.kind = 'count' then cells.customers else 0 end as count_customers,
        case when cells.kind = 'spend' then cells.customers else 0 end as spend_customers,
        exp(state.theta1 + state.step1) as p,
        exp(state.theta2 + state.step2) as q,
        exp(state.theta3 + state.step3) as v
    from {{ newton_cells(state, cells, keys) }}
) as at_theta
{%- endmacro %}
