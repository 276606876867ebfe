-- One row per review and line or total: did earlier predictions come true well enough to be used?

with

lines as (

    select
        lines.as_of_date,
        lines.lob,
        case lines.prediction when 'repurchase' then 'purchases' else 'contribution' end as measure

    from {{ ref('int_clv_lines_in_force') }} as lines
    inner join {{ ref('int_review_dates') }} as review_dates
        on lines.as_of_date = review_dates.as_of_date

    union all

    select
        as_of_date,
        'total' as lob,
        'contribution' as measure

    from {{ ref('int_review_dates') }}

),

judged as (

    select
        lines.*,
        backtests.customer_count,
        backtests.predicted_to_actual_ratio,
        backtests.top_decile_capture,
        case
            when dates.as_of_date is null then 'no_backtest'
            when coalesce(backtests.customer_count, 0) < policy.gate_min_customers then 'few_customers'
            when coalesce(backtests.actual_total, 0) <= 0 then 'no_value'
            when backtests.predicted_to_actual_ratio < policy.gate_min_ratio then 'ratio'
            when backtests.predicted_to_actual_ratio > policy.gate_max_ratio then 'ratio'
            when backtests.top_decile_capture < policy.gate_min_capture then 'capture'
        end as gate_reason

    from lines
    inner join {{ ref('int_clv_policy_in_force') }} as policy
        on lines.as_of_date = policy.as_of_date
    left join {{ ref('int_knowledge_dates') }} as dates
        on lines.as_of_date = dates.backtest_until
    left join {{ ref('int_clv_backtests') }} as backtests
        on
            lines.as_of_date = backtests.as_of_date
            and lines.lob = backtests.lob
            and lines.measure = backtests.measure
            and backtests.predictor = 'model'

)

select
    as_of_date,
    lob,
    measure,
    gate_reason,
    coalesce(customer_count, 0) as customer_count,
    predicted_to_actual_ratio,
    top_decile_capture,
    gate_reason is null as is_passed

from judged
