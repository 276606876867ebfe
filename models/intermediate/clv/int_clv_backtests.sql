-- One row per review with a backtest, line or total, measure and predictor: how far earlier predictions were from what came.

with

sums as (

    select
        as_of_date,
        prediction_date,
        lob,
        measure,
        predictor,
        count(*) as customer_count,
        sum(predicted) as predicted_total,
        sum(actual) as actual_total,
        sum(abs(predicted - actual)) as absolute_error,
        -- Null where nobody is in it: a tie at the top is in a lower one.
        sum(case when decile = 10 then actual end) as top_decile_total,
        sum(cast(predicted_place * actual_place as decimal(38, 0))) as place_product,
        sum(cast(predicted_place * predicted_place as decimal(38, 0))) as predicted_square,
        sum(cast(actual_place * actual_place as decimal(38, 0))) as actual_square

    from {{ ref('int_clv_backtest_ranks') }}

    group by as_of_date, prediction_date, lob, measure, predictor

)

select
    as_of_date,
    lob,
    measure,
    predictor,
    customer_count,
    cast(predicted_total as {{ type_double() }}) as predicted_total,
    cast(actual_total as {{ type_double() }}) as actual_total,
    cast(predicted_total as {{ type_double() }}) / nullif(cast(actual_total as {{ type_double() }}), 0) as predicted_to_actual_ratio,
    cast(absolute_error as {{ type_double() }}) / customer_count as mean_absolute_error,
    cast(place_product as {{ type_double() }})
    / nullif(sqrt(cast(predicted_square as {{ type_double() }}) * cast(actual_square as {{ type_double() }})), 0) as rank_correlation,
    cast(top_decile_total as {{ type_double() }}) / nullif(cast(actual_total as {{ type_double() }}), 0) as top_decile_capture,
    prediction_date

from sums
