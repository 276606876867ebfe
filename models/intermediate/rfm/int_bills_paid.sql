-- One row per customer, contract line, billing month and stretch of reviews: the month has a paid bill; when was the last one paid?

with

bills as (

    select
        sales.customer_key,
        sales.lob,
        {{ month_number('sales.event_date') }} as billing_month,
        sales.event_date,
        sales.paid_on,
        greatest(sales.seen_from, calendar.first_knowledge_date) as seen_from,
        sales.seen_until

    from {{ ref('int_sales_seen') }} as sales
    inner join {{ ref('int_calendar') }} as calendar
        on sales.paid_on = calendar.calendar_date

    -- Lines that are, were or will be contractual: which they are on a review date is asked there.
    where sales.lob in (select lobs.lob from {{ ref('policy_lobs') }} as lobs where lobs.is_contractual)

)

select
    customer_key,
    lob,
    billing_month,
    max(event_date) as last_bill_date,
    max(paid_on) as last_paid_date,
    seen_from,
    seen_until

from bills

group by customer_key, lob, billing_month, seen_from, seen_until
