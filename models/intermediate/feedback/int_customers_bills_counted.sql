-- One row per review date and customer with a sale in the last 365 days that still has a net above 0: how many there are.

with

sales as (

    select
        sales.customer_key,
        sales.seen_from,
        least(sales.seen_until, leaving.first_knowledge_date) as seen_until,
        count(*) as sale_count

    from {{ ref('int_sales_seen') }} as sales
    left join {{ ref('int_calendar') }} as leaving
        on {{ add_days('sales.event_date', 365) }} = leaving.calendar_date

    group by sales.customer_key, sales.seen_from, least(sales.seen_until, leaving.first_knowledge_date)

)

select
    review_dates.as_of_date,
    sales.customer_key,
    cast(sum(sales.sale_count) as bigint) as sales_12m

from sales
inner join {{ ref('int_review_dates') }} as review_dates
    on
        sales.seen_from <= review_dates.as_of_date
        and (sales.seen_until is null or review_dates.as_of_date < sales.seen_until)

group by review_dates.as_of_date, sales.customer_key
