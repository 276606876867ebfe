-- One row per knowledge date, line whose purchase model is believed, number of repeat purchases x and age: what the purchases expected of
-- a customer who is alive depend on. Many customers share a row. A reach is a time ahead in terms of alpha + age.

with

pairs as (

    select distinct
        as_of_date,
        lob,
        repeat_purchases as x,
        age_days as age

    from {{ ref('int_clv_purchases') }}

)

select
    pairs.as_of_date,
    pairs.lob,
    pairs.x,
    pairs.x + case parameters.purchase_model when 'mbg_nbd' then 1 else 0 end as j,
    pairs.age,
    parameters.a,
    parameters.b,
    parameters.r + pairs.x as shape,
    case when dates.is_review then 1 else 0 end / (parameters.alpha + pairs.age) as daily_reach,
    case when dates.is_review then policy.days_per_month else 0 end / (parameters.alpha + pairs.age) as monthly_reach,
    coalesce(policy.backtest_days, 0) / (parameters.alpha + pairs.age) as backtest_reach,
    greatest(36 * policy.days_per_month, coalesce(policy.backtest_days, 0)) / (parameters.alpha + pairs.age) as longest_reach,
    exp(-ln(1 + policy.discount_rate) / 12) as monthly_discount,
    row_number() over (order by pairs.as_of_date, pairs.lob, pairs.x, pairs.age) as pair_number

from pairs
inner join {{ ref('int_clv_line_parameters') }} as parameters
    on pairs.as_of_date = parameters.as_of_date and pairs.lob = parameters.lob and parameters.r is not null
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on pairs.as_of_date = policy.as_of_date
inner join {{ ref('int_knowledge_dates') }} as dates
    on pairs.as_of_date = dates.as_of_date
