-- One row per knowledge date, graded customer and line that something can be predicted for: by which method, and what; rounded.

with

predictions as (

    select
        as_of_date, customer_key, lob, method, clv_status, clv_confidence, p_alive, p_no_purchase_90d, expected_spend,
        purchases_30d, purchases_90d, purchases_365d, purchases_backtest, clv_12m, clv_36m,
        purchases_backtest * expected_spend as contribution_backtest

    from {{ ref('int_clv_repeat_scores') }}

    union all

    select
        months.as_of_date, months.customer_key, months.lob, months.method, 'estimated' as clv_status,
        case when months.has_own_months then 'medium' else 'low' end as clv_confidence,
        null as p_alive, null as p_no_purchase_90d, null as expected_spend,
        null as purchases_30d, null as purchases_90d, null as purchases_365d, null as purchases_backtest,
        months.monthly_contribution * factors.months_12m as clv_12m,
        months.monthly_contribution * factors.months_36m as clv_36m,
        months.monthly_contribution * factors.months_backtest as contribution_backtest

    from {{ ref('int_clv_contract_months') }} as months
    inner join {{ ref('int_clv_contract_factors') }} as factors
        on
            months.as_of_date = factors.as_of_date
            and months.lob = factors.lob
            and months.tenure_band = factors.tenure_band
            and months.is_open_ended = factors.is_open_ended
            and months.is_cancelled = factors.is_cancelled
            and months.running_months = factors.running_months
            and months.term_months = factors.term_months

    union all

    select
        as_of_date, customer_key, lob, method, clv_status, clv_confidence, null as p_alive, p_no_purchase_90d, expected_spend,
        purchases_30d, purchases_90d, purchases_365d, purchases_backtest, clv_12m, clv_36m,
        -- What owners still pay for homes bought before is no prediction: only purchases are compared.
        null as contribution_backtest

    from {{ ref('int_clv_repurchase_scores') }}

)

select
    as_of_date,
    customer_key,
    lob,
    method,
    clv_status,
    clv_confidence,
    cast(p_alive as decimal(9, 6)) as p_alive,
    cast(p_no_purchase_90d as decimal(9, 6)) as p_no_purchase_90d,
    {{ rounded('expected_spend', 2) }} as expected_spend,
    {{ rounded('purchases_30d', 6) }} as expected_purchases_30d,
    {{ rounded('purchases_90d', 6) }} as expected_purchases_90d,
    {{ rounded('purchases_365d', 6) }} as expected_purchases_365d,
    {{ rounded('purchases_backtest', 6) }} as purchases_backtest,
    {{ rounded('contribution_backtest', 2) }} as contribution_backtest,
    {{ rounded('clv_12m', 2) }} as predicted_clv_12m,
    {{ rounded('clv_36m', 2) }} as predicted_clv_36m

from predictions
