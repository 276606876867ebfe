{# The BG/NBD model (Fader, Hardie and Lee 2005) and the MBG/NBD model (Batislam, Denizel and Filiztekin 2007), fitted in one statement.

   A customer bought on x + 1 days, the last one t_x days after the first, and has been known for T days. While alive they buy at a rate
   that is gamma distributed (r, alpha) among customers, and leave with a probability that is beta distributed (a, b): after every repeat
   purchase (BG) or after every purchase (MBG). With j = x (BG) or x + 1 (MBG) chances to leave, and rho the odds of having left,

       log L = ln G(r+x)/G(r) + r ln alpha - (r+x) ln(alpha+T) + sum over k < j of [ln(b+k) - ln(a+b+k)] + ln(1 + rho)
       rho   = a / (b+j-1) * ((alpha+T) / (alpha+t_x))^(r+x), 0 where j = 0

   G(r+x)/G(r) is the product of r+k over k < x. Summed over customers, the sums over k need only how many have x > k, and j > k: these
   are rows of their own among the cells (kind 'above'). Everything else depends on (x, t_x, T) alone (kind 'group'). #}

{# Log-likelihood, gradient and Hessian in (ln r, ln alpha, ln a, ln b) at theta + step. `state` and `cells` are relations with the keys;
   cells: kind, x (k in 'above'), j, recency (t_x), age (T), customers (in 'above': with x > k), customers_j (with j > k). #}
{% macro purchase_model_sums(state, cells, keys) -%}
{%- set terms = purchase_model_terms() -%}
select
    {{ keys | join(', ') }},
    {{ newton_carried() }},
    cast(sum(group_customers) as {{ type_double() }}) as customer_count,
    {%- for name in terms %}
    {{ exact_sum("group_customers * (" ~ terms[name][0] ~ ") + " ~ terms[name][1]) }} as {{ name }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
from ({{ purchase_model_cells(state, cells, keys) }}) as cells_at_theta
group by {{ keys | join(', ') }}
{%- endmacro %}

{# What a group and what a row 'above' add to each sum. u is dL/dpsi = gone, psi = ln rho; d1, d2, d4 are dpsi/dtheta (d3 is 1). #}
{% macro purchase_model_terms() -%}
    {{ return({
        'new_log_likelihood': [
            'r * ln_alpha - (r + x) * ln_age + ln_alive',
            'above_x * ln(r + x) + above_j * (ln(b + x) - ln(a + b + x))',
        ],
        'g1': ['r * (ln_alpha - ln_age) + gone * d1', 'above_x * r_share'],
        'g2': ['r - (r + x) * age_share + gone * d2', '0'],
        'g3': ['gone', '-above_j * a_share'],
        'g4': ['gone * d4', 'above_j * (b_share - b_all_share)'],
        'h11': ['r * (ln_alpha - ln_age) + gone * d1 + doubt * d1 * d1', 'above_x * r_share * (1 - r_share)'],
        'h12': ['r * (1 - age_share) + gone * r * (age_share - recency_share) + doubt * d1 * d2', '0'],
        'h13': ['doubt * d1', '0'],
        'h14': ['doubt * d1 * d4', '0'],
        'h22': ['gone * d2 * (1 - age_share - recency_share) - (r + x) * age_share * (1 - age_share) + doubt * d2 * d2', '0'],
        'h23': ['doubt * d2', '0'],
        'h24': ['doubt * d2 * d4', '0'],
        'h33': ['doubt', '-above_j * a_share * (1 - a_share)'],
        'h34': ['doubt * d4', 'above_j * a_share * b_all_share'],
        'h44': [
            'gone * d4 * (1 + d4) + doubt * d4 * d4',
            'above_j * (b_share * (1 - b_share) - b_all_share * (1 - b_all_share))',
        ],
    }) }}
{%- endmacro %}

{# The cells with what the terms are made of. A group that has converged finds no cells. #}
{% macro purchase_model_cells(state, cells, keys) -%}
select
    *,
    ln(1 + odds) as ln_alive,
    odds / (1 + odds) as gone,
    odds / (1 + odds) / (1 + odds) as doubt
from (
    select
        *,
        case
            when kind = 'group' and j > 0
                then exp(greatest(least(ln(a) - ln(b + j - 1) + (r + x) * (ln_age - ln_recency), 300), -300))
            else 0
        end as odds,
        r * (ln_age - ln_recency) as d1,
        (r + x) * (age_share - recency_share) as d2,
        case when kind = 'group' and j > 0 then -b / (b + j - 1) else 0 end as d4
    from (
        select
            *,
            ln(alpha) as ln_alpha,
            ln(alpha + age) as ln_age,
            ln(alpha + recency) as ln_recency,
            alpha / (alpha + age) as age_share,
            alpha / (alpha + recency) as recency_share,
            r / (r + x) as r_share,
            a / (a + b + x) as a_share,
            b / (b + x) as b_share,
            b / (a + b + x) as b_all_share
        from (
            select
                state.*,
                cells.kind,
                cells.x,
                cells.j,
                cells.recency,
                cells.age,
                case when cells.kind = 'group' then cells.customers else 0 end as group_customers,
                case when cells.kind = 'above' then cells.customers else 0 end as above_x,
                case when cells.kind = 'above' then cells.customers_j else 0 end as above_j,
                exp(state.theta1 + state.step1) as r,
                exp(state.theta2 + state.step2) as alpha,
                exp(state.theta3 + state.step3) as a,
                exp(state.theta4 + state.step4) as b
            from {{ newton_cells(state, cells, keys) }}
        ) as at_theta
    ) as shares
) as with_odds
{%- endmacro %}
