-- One row per knowledge date and line with customers of a purchase model: the parameters it is predicted with (null: not believed),
-- and what the average customer did, which takes their place.

with

averages as (

    select
        as_of_date,
        lob,
        cast(sum(repeat_purchases) as {{ type_double() }}) / nullif(sum(age_days), 0) as daily_purchases,
        cast(sum(contribution) as {{ type_double() }}) / sum(repeat_purchases + 1) as mean_spend

    from {{ ref('int_clv_purchases') }}

    group by as_of_date, lob

)

select
    averages.as_of_date,
    averages.lob,
    lobs.purchase_model,
    purchases.r,
    purchases.alpha,
    purchases.a,
    purchases.b,
    spend.p,
    spend.q,
    spend.v,
    policy.prior_purchases,
    averages.daily_purchases,
    averages.mean_spend

from averages
inner join {{ ref('int_clv_lines_in_force') }} as lobs
    on averages.as_of_date = lobs.as_of_date and averages.lob = lobs.lob
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on averages.as_of_date = policy.as_of_date
left join {{ ref('int_clv_fits_judged') }} as purchases
    on
        averages.as_of_date = purchases.as_of_date
        and averages.lob = purchases.lob
        and lobs.purchase_model = purchases.model
        and purchases.doubt is null
left join {{ ref('int_clv_fits_judged') }} as spend
    on
        averages.as_of_date = spend.as_of_date
        and averages.lob = spend.lob
        and spend.model = 'gamma_gamma'
        and spend.doubt is null
