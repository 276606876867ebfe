-- One row per customer, line, category, channel and stretch of reviews with the sales in the same windows: how many, when, what discount.
-- A sale is in the recent year until aged_from, and counts no longer from left_from on.

with

sales as (

    select
        sales.*,
        aging.first_knowledge_date as aged_from,
        leaving.first_knowledge_date as left_from

    from {{ ref('int_sales_seen') }} as sales
    left join {{ ref('int_calendar') }} as aging
        on {{ add_days('sales.event_date', 365) }} = aging.calendar_date
    left join {{ ref('int_calendar') }} as leaving
        on {{ add_days('sales.event_date', activity_window_days()) }} = leaving.calendar_date

)

select
    customer_key,
    lob,
    category,
    channel,
    count(*) as sale_count,
    count(is_discounted) as discount_known_count,
    sum(case when is_discounted then 1 else 0 end) as discounted_count,
    coalesce(sum(reporting_gross_amount), 0) as gross_amount,
    coalesce(sum(reporting_discount_amount), 0) as discount_amount,
    max(event_date) as last_sale_date,
    seen_from,
    seen_until,
    aged_from,
    left_from

from sales

group by customer_key, lob, category, channel, seen_from, seen_until, aged_from, left_from
