-- One row per customer, contract line, billing month and stretch of reviews: the month has a paid bill; when was the last one paid?

with

bills as (

    select
        sales.customer_key,
        sales.lob,
        {{ month_number('sales.event_date') }} as billing_month,
        sales.event_date,
        sales.paid_on,
        greatest(sales.seen_from, calendar.first_review_date) as seen_from,
        sales.seen_until

    from {{ ref('int_sales_seen') }} as sales
    inner join {{ ref('policy_lobs') }} as lobs
        on sales.lob = lobs.lob and lobs.is_contractual and {{ in_force('lobs', 'sales.event_date') }}
    inner join {{ ref('int_calendar') }} as calendar
        on sales.paid_on = calendar.calendar_date

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
