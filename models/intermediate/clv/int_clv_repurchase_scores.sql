-- One row per knowledge date, graded customer and line bought again now and then that they hold: purchases and value expected.

with

bands as (

    select
        as_of_date,
        lob,
        price_band,
        sum(historic_clv) as contribution,
        sum(purchase_count) as purchase_count

    from {{ ref('int_clv_repurchase_holders') }}

    group by as_of_date, lob, price_band

),

spending as (

    select
        bands.as_of_date,
        bands.lob,
        bands.price_band,
        greatest(
            (
                cast(bands.contribution as {{ type_double() }})
                + policy.prior_strength * cast(
                    sum(bands.contribution) over (partition by bands.as_of_date, bands.lob) as {{ type_double() }}
                ) / sum(bands.purchase_count) over (partition by bands.as_of_date, bands.lob)
            ) / (bands.purchase_count + policy.prior_strength), 0
        ) as expected_spend

    from bands
    inner join {{ ref('int_clv_policy_in_force') }} as policy
        on bands.as_of_date = policy.as_of_date

)

select
    holders.as_of_date,
    holders.customer_key,
    holders.lob,
    'repurchase' as method,
    'estimated' as clv_status,
    case when rates.event_count >= 5 then 'medium' else 'low' end as clv_confidence,
    spending.expected_spend,
    factors.purchases_30d,
    factors.purchases_90d,
    factors.purchases_365d,
    factors.purchases_backtest,
    factors.purchases_12m * spending.expected_spend as clv_12m,
    factors.purchases_36m * spending.expected_spend as clv_36m,
    exp(-factors.purchases_90d) as p_no_purchase_90d

from {{ ref('int_clv_repurchase_holders') }} as holders
inner join spending
    on holders.as_of_date = spending.as_of_date and holders.lob = spending.lob and holders.price_band = spending.price_band
inner join {{ ref('int_clv_repurchase_factors') }} as factors
    on
        holders.as_of_date = factors.as_of_date
        and holders.lob = factors.lob
        and holders.tenure_days = factors.tenure_days
        and holders.holds_other_line = factors.holds_other_line
inner join {{ ref('int_clv_repurchase_rates') }} as rates
    on
        holders.as_of_date = rates.as_of_date
        and holders.lob = rates.lob
        and holders.holds_other_line = rates.holds_other_line
        and rates.from_days <= holders.tenure_days
        and holders.tenure_days < rates.until_days
