-- One row per review date and line: the parameters of greatest likelihood of the spend model, with their standard errors.
-- Newton's method in macros/clv/newton.sql, the model in macros/clv/spend_model.sql; from p = 1, q = 2, v = the mean spend.
-- First with spend rounded to a twentieth.
{% set keys = ['as_of_date', 'lob'] %}
{% set last = 20 %}

{{ with_passes() }}

start as (

    select
        {{ keys | join(', ') }},
        cast(0 as {{ type_double() }}) as theta1,
        ln(cast(2 as {{ type_double() }})) as theta2,
        ln({{ exact_sum('z / x') }} / count(*)) as theta3,
        cast(0 as {{ type_double() }}) as theta4,
        {{ newton_start() }}

    from {{ ref('int_clv_spend_cells') }}

    where kind = 'spend'

    group by {{ keys | join(', ') }}

),

coarse_cells as (

    select
        {{ keys | join(', ') }},
        kind,
        x,
        exp(round(20 * ln(z)) / 20) as z,
        sum(customers) as customers

    from {{ ref('int_clv_spend_cells') }}

    group by {{ keys | join(', ') }}, kind, x, exp(round(20 * ln(z)) / 20)

),

{{ newton_passes(spend_model_sums, 'coarse_cells', keys, last, 'start', 'coarse') }},

warm_start as ({{ newton_warm_start('start', 'coarse', keys) }}),

{{ newton_passes(spend_model_sums, ref('int_clv_spend_cells'), keys, last, 'warm_start', 'rest') }},

{{ newton_result(spend_model_sums, ref('int_clv_spend_cells'), keys, 'rest') }}

select
    {{ keys | join(', ') }},
    exp(theta1) as p,
    exp(theta2) as q,
    exp(theta3) as v,
    exp(theta1) * sqrt(variance1) as p_se,
    exp(theta2) * sqrt(variance2) as q_se,
    exp(theta3) * sqrt(variance3) as v_se,
    log_likelihood,
    cast(customer_count as bigint) as customer_count,
    passes,
    passes < {{ last }} as is_converged

from fitted
