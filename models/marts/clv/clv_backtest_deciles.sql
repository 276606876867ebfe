-- One row per review with a backtest, line or total, measure, predictor and decile of the prediction: predicted beside actual.

select
    as_of_date,
    lob,
    measure,
    predictor,
    cast(decile as integer) as decile,
    count(*) as customer_count,
    cast(sum(predicted) as {{ type_double() }}) as predicted_total,
    cast(sum(actual) as {{ type_double() }}) as actual_total

from {{ ref('int_clv_backtest_ranks') }}

where {{ is_shown('as_of_date') }}

group by as_of_date, lob, measure, predictor, decile
