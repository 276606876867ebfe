-- One row per knowledge date, line and purchase model: the parameters of greatest likelihood, with their standard errors.
-- Newton's method in macros/clv/newton.sql, the models in macros/clv/purchase_model.sql; from r = 1, alpha = the mean age, a = b = 1.
-- First with days rounded to four weeks.
{% set keys = ['as_of_date', 'lob', 'model'] %}
{% set last = 20 %}

{{ with_passes() }}

start as (

    select
        {{ keys | join(', ') }},
        cast(0 as {{ type_double() }}) as theta1,
        ln(greatest(cast(sum(age * customers) as {{ type_double() }}) / sum(customers), 1)) as theta2,
        cast(0 as {{ type_double() }}) as theta3,
        cast(0 as {{ type_double() }}) as theta4,
        {{ newton_start() }}

    from {{ ref('int_clv_purchase_cells') }}

    where kind = 'group'

    group by {{ keys | join(', ') }}

),

coarse_cells as (

    select
        {{ keys | join(', ') }},
        kind,
        x,
        j,
        case when x > 0 and kind = 'group' then recency - recency % 28 + 14 else 0 end as recency,
        case when kind = 'group' then age - age % 28 + 14 else 0 end as age,
        sum(customers) as customers,
        sum(customers_j) as customers_j

    from {{ ref('int_clv_purchase_cells') }}

    group by
        {{ keys | join(', ') }},
        kind,
        x,
        j,
        case when x > 0 and kind = 'group' then recency - recency % 28 + 14 else 0 end,
        case when kind = 'group' then age - age % 28 + 14 else 0 end

),

{{ newton_passes(purchase_model_sums, 'coarse_cells', keys, last, 'start', 'coarse') }},

warm_start as ({{ newton_warm_start('start', 'coarse', keys) }}),

{{ newton_passes(purchase_model_sums, ref('int_clv_purchase_cells'), keys, last, 'warm_start', 'rest') }},

{{ newton_result(purchase_model_sums, ref('int_clv_purchase_cells'), keys, 'rest') }}

select
    {{ keys | join(', ') }},
    exp(theta1) as r,
    exp(theta2) as alpha,
    exp(theta3) as a,
    exp(theta4) as b,
    exp(theta1) * sqrt(variance1) as r_se,
    exp(theta2) * sqrt(variance2) as alpha_se,
    exp(theta3) * sqrt(variance3) as a_se,
    exp(theta4) * sqrt(variance4) as b_se,
    log_likelihood,
    cast(customer_count as bigint) as customer_count,
    passes,
    passes < {{ last }} as is_converged

from fitted
