-- One row per review with a backtest, line with a purchase model, and number of repeat purchases until the prediction (7: 7 or more):
-- mean purchases predicted, naively predicted, and made.

select
    as_of_date,
    lob,
    cast(least(repeat_purchases, 7) as integer) as purchase_bin,
    count(*) as customer_count,
    cast(sum(predicted) as {{ type_double() }}) / count(*) as predicted_mean,
    cast(sum(naive) as {{ type_double() }}) / count(*) as naive_mean,
    cast(sum(actual) as {{ type_double() }}) / count(*) as actual_mean

from {{ ref('int_clv_backtest_rows') }}

where measure = 'purchases' and repeat_purchases is not null and {{ is_shown('as_of_date') }}

group by as_of_date, lob, least(repeat_purchases, 7)
