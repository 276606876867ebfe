-- One row per knowledge date, graded customer and line with a purchase model: what they are expected to buy and to bring.
-- Where a model is not believed, the average of the line stands in for it, drawn towards what the customer did.

with

customers as (

    select
        purchases.as_of_date,
        purchases.customer_key,
        purchases.lob,
        purchases.repeat_purchases as x,
        purchases.recency_days as recency,
        purchases.age_days as age,
        cast(purchases.contribution as {{ type_double() }}) as contribution,
        case
            when purchases.repeat_purchases > 0 then greatest(cast(purchases.repeat_contribution as {{ type_double() }}), 0)
            else 0
        end as z,
        parameters.purchase_model,
        parameters.r,
        parameters.alpha,
        parameters.p,
        parameters.q,
        parameters.v,
        parameters.prior_purchases,
        parameters.mean_spend,
        case
            when parameters.r is not null then {{ probability_alive(
                'parameters.r', 'parameters.alpha', 'parameters.a', 'parameters.b', 'purchases.repeat_purchases',
                "(purchases.repeat_purchases + case parameters.purchase_model when 'mbg_nbd' then 1 else 0 end)",
                'purchases.recency_days', 'purchases.age_days'
            ) }}
        end as p_alive,
        case
            when parameters.daily_purchases > 0
                then
                    (purchases.repeat_purchases + parameters.prior_purchases)
                    / (purchases.age_days + parameters.prior_purchases / parameters.daily_purchases)
            else 0
        end as pooled_rate

    from {{ ref('int_clv_purchases') }} as purchases
    inner join {{ ref('int_clv_line_parameters') }} as parameters
        on purchases.as_of_date = parameters.as_of_date and purchases.lob = parameters.lob

),

spending as (

    select
        customers.*,
        case
            when p is not null then (p * v + p * z) / (p * x + q - 1)
            else greatest((contribution + prior_purchases * mean_spend) / (x + 1 + prior_purchases), 0)
        end as expected_spend

    from customers

),

discounts as (

    select
        as_of_date,
        cast(sum(cast(days_per_month * value_12m as decimal(38, 18))) as {{ type_double() }}) as days_12m,
        cast(sum(cast(days_per_month * value_36m as decimal(38, 18))) as {{ type_double() }}) as days_36m

    from {{ ref('int_clv_months') }}

    group by as_of_date

)

select
    spending.as_of_date,
    spending.customer_key,
    spending.lob,
    case when spending.r is null then 'pooled_rate' else spending.purchase_model end as method,
    case when spending.r is null or spending.p is null then 'not_identifiable' else 'fitted' end as clv_status,
    case when spending.r is null or spending.p is null then 'low' else 'high' end as clv_confidence,
    spending.p_alive,
    spending.expected_spend,
    coalesce(spending.p_alive * pairs.purchases_30d, 30 * spending.pooled_rate) as purchases_30d,
    coalesce(spending.p_alive * pairs.purchases_90d, 90 * spending.pooled_rate) as purchases_90d,
    coalesce(spending.p_alive * pairs.purchases_365d, 365 * spending.pooled_rate) as purchases_365d,
    coalesce(spending.p_alive * pairs.purchases_backtest, policy.backtest_days * spending.pooled_rate) as purchases_backtest,
    coalesce(spending.p_alive * pairs.purchases_12m, discounts.days_12m * spending.pooled_rate) * spending.expected_spend as clv_12m,
    coalesce(spending.p_alive * pairs.purchases_36m, discounts.days_36m * spending.pooled_rate) * spending.expected_spend as clv_36m,
    case
        when spending.r is null then exp(-90 * spending.pooled_rate)
        else
            1 - spending.p_alive * (
                1 - exp((spending.r + spending.x) * (ln(spending.alpha + spending.age) - ln(spending.alpha + spending.age + 90)))
            )
    end as p_no_purchase_90d

from spending
inner join discounts
    on spending.as_of_date = discounts.as_of_date
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on spending.as_of_date = policy.as_of_date
left join {{ ref('int_clv_pair_expectations') }} as pairs
    on
        spending.as_of_date = pairs.as_of_date
        and spending.lob = pairs.lob
        and spending.x = pairs.x
        and spending.age = pairs.age
        and spending.r is not null
