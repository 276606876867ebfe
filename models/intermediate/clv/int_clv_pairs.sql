-- One row per knowledge date, line whose purchase model is believed, number of repeat purchases x and age: what the purchases expected of
-- a customer who is alive depend on. Many customers share a row.

with

pairs as (

    select distinct
        purchases.as_of_date,
        purchases.lob,
        purchases.repeat_purchases as x,
        purchases.age_days as age

    from {{ ref('int_clv_purchases') }} as purchases

)

select
    pairs.as_of_date,
    pairs.lob,
    pairs.x,
    pairs.x + case parameters.purchase_model when 'mbg_nbd' then 1 else 0 end as j,
    pairs.age,
    parameters.r,
    parameters.alpha,
    parameters.a,
    parameters.b,
    row_number() over (order by pairs.as_of_date, pairs.lob, pairs.x, pairs.age) as pair_number

from pairs
inner join {{ ref('int_clv_line_parameters') }} as parameters
    on pairs.as_of_date = parameters.as_of_date and pairs.lob = parameters.lob and parameters.r is not null
