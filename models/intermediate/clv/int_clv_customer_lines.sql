-- One row per knowledge date, graded customer and line with a past or a predicted value: both.

with

keys as (

    select
        as_of_date,
        customer_key,
        lob

    from {{ ref('int_clv_past') }}

    union

    select
        as_of_date,
        customer_key,
        lob

    from {{ ref('int_clv_predictions') }}

)

select
    keys.as_of_date,
    keys.customer_key,
    keys.lob,
    lines.prediction,
    coalesce(predictions.method, 'none') as method,
    coalesce(predictions.clv_status, case lines.prediction when 'contract' then 'ended' else 'no_purchase' end) as clv_status,
    predictions.clv_confidence,
    predictions.p_alive,
    predictions.p_no_purchase_90d,
    predictions.expected_spend,
    predictions.expected_purchases_30d,
    predictions.expected_purchases_90d,
    predictions.expected_purchases_365d,
    coalesce(past.historic_revenue, 0) as historic_revenue,
    coalesce(past.historic_clv, 0) as historic_clv,
    coalesce(predictions.predicted_clv_12m, 0) as predicted_clv_12m,
    coalesce(predictions.predicted_clv_36m, 0) as predicted_clv_36m,
    coalesce(past.historic_clv, 0)
    + coalesce(case policy.horizon_months when 12 then predictions.predicted_clv_12m else predictions.predicted_clv_36m end, 0)
        as clv_total,
    predictions.purchases_backtest,
    predictions.contribution_backtest

from keys
inner join {{ ref('int_clv_lines_in_force') }} as lines
    on keys.as_of_date = lines.as_of_date and keys.lob = lines.lob
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on keys.as_of_date = policy.as_of_date
left join {{ ref('int_clv_past') }} as past
    on keys.as_of_date = past.as_of_date and keys.customer_key = past.customer_key and keys.lob = past.lob
left join {{ ref('int_clv_predictions') }} as predictions
    on keys.as_of_date = predictions.as_of_date and keys.customer_key = predictions.customer_key and keys.lob = predictions.lob
