-- One row per knowledge date, line and model: its parameters, and the first reason why the data cannot tell them (null: they can).
{% set parameters = ['r', 'alpha', 'a', 'b', 'p', 'q', 'v'] %}

with

populations as (

    select
        as_of_date,
        lob,
        count(*) as customers,
        sum(repeat_purchases) as repeat_purchases,
        sum(case when repeat_purchases >= 2 then 1 else 0 end) as repeaters

    from {{ ref('int_clv_purchases') }}

    group by as_of_date, lob

),

models as (

    select 'bg_nbd' as model
    union all
    select 'mbg_nbd' as model
    union all
    select 'gamma_gamma' as model

),

fits as (

    select
        as_of_date, lob, model, customer_count, log_likelihood, passes, is_converged,
        r, alpha, a, b, null as p, null as q, null as v,
        r_se, alpha_se, a_se, b_se, null as p_se, null as q_se, null as v_se

    from {{ ref('int_clv_purchase_fits') }}

    union all

    select
        as_of_date, lob, 'gamma_gamma' as model, customer_count, log_likelihood, passes, is_converged,
        null as r, null as alpha, null as a, null as b, p, q, v,
        null as r_se, null as alpha_se, null as a_se, null as b_se, p_se, q_se, v_se

    from {{ ref('int_clv_spend_fits') }}

)

select
    populations.as_of_date,
    populations.lob,
    models.model,
    coalesce(fits.customer_count, 0) as customer_count,
    {%- for parameter in parameters %}
    fits.{{ parameter }},
    fits.{{ parameter }}_se,
    {%- endfor %}
    fits.log_likelihood,
    coalesce(fits.passes, 0) as passes,
    case
        when populations.customers < policy.min_customers then 'few_customers'
        when populations.repeat_purchases < policy.min_repeat_purchases then 'few_repeat_purchases'
        when populations.repeaters < policy.min_repeaters then 'few_repeaters'
        when fits.is_converged is null or not fits.is_converged then 'not_converged'
        {%- for parameter in parameters %}
        when abs(ln(fits.{{ parameter }})) > 14 then 'at_the_edge'
        {%- endfor %}
        {%- for parameter in parameters %}
        when
            fits.{{ parameter }} is not null
            and coalesce(fits.{{ parameter }}_se, 1e300) >= policy.max_relative_error * fits.{{ parameter }}
            then 'imprecise'
        {%- endfor %}
        when fits.q - 1 <= fits.q_se then 'infinite_mean'
    end as doubt

from populations
cross join models
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on populations.as_of_date = policy.as_of_date
left join fits
    on
        populations.as_of_date = fits.as_of_date
        and populations.lob = fits.lob
        and models.model = fits.model
