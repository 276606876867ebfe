-- One row per review with a backtest, customer and line they had when it starts (or total), and measure: predicted, naive and actual.

with

ages as (

    select
        as_of_date,
        customer_key,
        lob,
        repeat_purchases,
        age_days

    from {{ ref('int_clv_purchases') }}

    union all

    select
        as_of_date,
        customer_key,
        lob,
        cast(purchase_count - 1 as integer) as repeat_purchases,
        age_days

    from {{ ref('int_clv_repurchase_holders') }}

),

lines as (

    select
        dates.backtest_until,
        {{ days_between('dates.as_of_date', 'dates.backtest_until') }} as backtest_days,
        customer_lines.*

    from {{ ref('int_clv_customer_lines') }} as customer_lines
    inner join {{ ref('int_knowledge_dates') }} as dates
        on customer_lines.as_of_date = dates.as_of_date and dates.backtest_until is not null

),

contributions as (

    select
        lines.backtest_until,
        lines.as_of_date,
        lines.customer_key,
        lines.lob,
        coalesce(lines.contribution_backtest, 0) as predicted,
        coalesce({{ ratio(
            'came.repeat_contribution * lines.backtest_days', 'case when came.age_days > 0 then came.age_days end', 2, decimals=2
        ) }}, 0) as naive,
        coalesce(came.actual_contribution, 0) as actual

    from lines
    left join {{ ref('int_clv_actual_contributions') }} as came
        on lines.as_of_date = came.as_of_date and lines.customer_key = came.customer_key and lines.lob = came.lob

    where lines.prediction <> 'repurchase'

)

select
    lines.backtest_until as as_of_date,
    lines.as_of_date as prediction_date,
    lines.customer_key,
    lines.lob,
    'purchases' as measure,
    cast(coalesce(lines.purchases_backtest, 0) as decimal(28, 6)) as predicted,
    cast(coalesce({{ ratio(
        'ages.repeat_purchases * lines.backtest_days', 'case when ages.age_days > 0 then ages.age_days end', 6, decimals=0
    ) }}, 0) as decimal(28, 6)) as naive,
    cast(coalesce(came.purchase_count, 0) as decimal(28, 6)) as actual,
    case when lines.prediction = 'repeat' then ages.repeat_purchases end as repeat_purchases

from lines
left join ages
    on lines.as_of_date = ages.as_of_date and lines.customer_key = ages.customer_key and lines.lob = ages.lob
left join {{ ref('int_clv_actual_purchases') }} as came
    on lines.as_of_date = came.as_of_date and lines.customer_key = came.customer_key and lines.lob = came.lob

where lines.prediction <> 'contract'

union all

select
    backtest_until as as_of_date,
    as_of_date as prediction_date,
    customer_key,
    lob,
    'contribution' as measure,
    cast(predicted as decimal(28, 6)) as predicted,
    cast(naive as decimal(28, 6)) as naive,
    cast(actual as decimal(28, 6)) as actual,
    null as repeat_purchases

from contributions

union all

select
    backtest_until as as_of_date,
    as_of_date as prediction_date,
    customer_key,
    'total' as lob,
    'contribution' as measure,
    cast(sum(predicted) as decimal(28, 6)) as predicted,
    cast(sum(naive) as decimal(28, 6)) as naive,
    cast(sum(actual) as decimal(28, 6)) as actual,
    null as repeat_purchases

from contributions

group by backtest_until, as_of_date, customer_key
