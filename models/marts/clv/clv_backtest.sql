-- One row per review with a backtest, line or total, measure and predictor: how far earlier predictions were from what came.

select
    as_of_date,
    lob,
    measure,
    predictor,
    customer_count,
    predicted_total,
    actual_total,
    predicted_to_actual_ratio,
    mean_absolute_error,
    rank_correlation,
    top_decile_capture,
    prediction_date

from {{ ref('int_clv_backtests') }}

where {{ is_shown('as_of_date') }}
