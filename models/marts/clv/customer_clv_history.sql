-- One row per review date, graded customer and line (or total): what they brought, and what they are expected to bring.

with

lines as (

    select
        as_of_date, customer_key, lob, method, clv_status, clv_confidence, cast(null as {{ type_text() }}) as clv_band,
        historic_revenue, historic_clv, predicted_clv_12m, predicted_clv_36m, clv_total,
        expected_purchases_30d, expected_purchases_90d, expected_purchases_365d, expected_spend,
        p_alive, p_no_purchase_90d, cast(null as decimal(9, 4)) as clv_score

    from {{ ref('int_clv_customer_lines') }}

    where {{ is_shown('as_of_date') }}

    union all

    select
        totals.as_of_date, totals.customer_key, 'total' as lob, cast(null as {{ type_text() }}) as method,
        totals.clv_status, totals.clv_confidence, scored.clv_band,
        totals.historic_revenue, totals.historic_clv, totals.predicted_clv_12m, totals.predicted_clv_36m, totals.clv_total,
        totals.expected_purchases_30d, totals.expected_purchases_90d, totals.expected_purchases_365d, null as expected_spend,
        null as p_alive, null as p_no_purchase_90d, scored.clv_score

    from {{ ref('int_clv_customers') }} as totals
    left join {{ ref('int_clv_customers_scored') }} as scored
        on totals.as_of_date = scored.as_of_date and totals.customer_key = scored.customer_key

    where {{ is_shown('totals.as_of_date') }}

)

select
    lines.as_of_date,
    customers.customer_id,
    lines.lob,
    lines.method,
    lines.clv_status,
    lines.clv_confidence,
    lines.clv_band,
    lines.historic_revenue,
    lines.historic_clv,
    lines.predicted_clv_12m,
    lines.predicted_clv_36m,
    cast(lines.clv_total as decimal(18, 2)) as clv_total,
    lines.expected_purchases_30d,
    lines.expected_purchases_90d,
    lines.expected_purchases_365d,
    cast(lines.expected_spend as decimal(18, 2)) as expected_spend,
    cast(lines.p_alive as decimal(9, 6)) as p_alive,
    cast(lines.p_no_purchase_90d as decimal(9, 6)) as p_no_purchase_90d,
    lines.clv_score

from lines
inner join {{ ref('int_customers_judged') }} as customers
    on lines.as_of_date = customers.as_of_date and lines.customer_key = customers.customer_key
