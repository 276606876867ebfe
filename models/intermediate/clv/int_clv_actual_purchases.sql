-- One row per knowledge date from which a backtest predicts, customer and line: days with a purchase until the review that compares.

with

purchases as (

    select
        customer_key,
        lob,
        visit_date as purchase_date,
        seen_from,
        seen_until

    from {{ ref('int_clv_visits') }}

    union all

    select
        customer_key,
        lob,
        occasion_date as purchase_date,
        seen_from,
        seen_until

    from {{ ref('int_occasions') }}

)

select
    dates.as_of_date,
    purchases.customer_key,
    purchases.lob,
    count(distinct purchases.purchase_date) as purchase_count

from purchases
inner join {{ ref('int_knowledge_dates') }} as dates
    on
        purchases.purchase_date > dates.as_of_date
        and purchases.purchase_date <= dates.backtest_until
        and purchases.seen_from <= dates.backtest_until
        and (purchases.seen_until is null or dates.backtest_until < purchases.seen_until)

group by dates.as_of_date, purchases.customer_key, purchases.lob
