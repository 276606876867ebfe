-- One row per review date, line and purchase model: the parameters of greatest likelihood, with their standard errors.
-- Newton's method in macros/clv/newton.sql, the models in macros/clv/purchase_model.sql; from r = 1, alpha = the mean age, a = b = 1.
{% set keys = ['as_of_date', 'lob', 'model'] %}
{% set last = 20 %}

with

pass_0 as (

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
{{ newton_fit(purchase_model_sums, ref('int_clv_purchase_cells'), keys, last) }}

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
