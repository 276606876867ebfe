-- One row per review with a backtest, customer, line or total, measure and predictor: prediction and outcome with their ranks.

with

compared as (

    select
        as_of_date, prediction_date, customer_key, lob, measure,
        'model' as predictor, predicted, actual

    from {{ ref('int_clv_backtest_rows') }}

    union all

    select
        as_of_date, prediction_date, customer_key, lob, measure,
        'naive' as predictor, naive as predicted, actual

    from {{ ref('int_clv_backtest_rows') }}

),

ranked as (

    select
        compared.*,
        count(*) over (partition by as_of_date, lob, measure, predictor) as customers,
        count(*) over (partition by as_of_date, lob, measure, predictor, predicted) as equally_predicted,
        count(*) over (partition by as_of_date, lob, measure, predictor, actual) as equally_actual,
        rank() over (partition by as_of_date, lob, measure, predictor order by predicted) as predicted_rank,
        rank() over (partition by as_of_date, lob, measure, predictor order by actual) as actual_rank

    from compared

)

select
    as_of_date,
    prediction_date,
    customer_key,
    lob,
    measure,
    predictor,
    predicted,
    actual,
    1 + least(9, {{ whole_division('10 * (predicted_rank - 1)', 'greatest(customers - 1, 1)') }}) as decile,
    -- Twice the distance of the mean rank of those with the same value from the middle: whole numbers.
    2 * predicted_rank + equally_predicted - 1 - (customers + 1) as predicted_place,
    2 * actual_rank + equally_actual - 1 - (customers + 1) as actual_place

from ranked
