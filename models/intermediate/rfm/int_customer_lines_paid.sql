-- One row per review date, customer and contract line with a paid bill: the last payment, and the months paid of the last twelve.

with

-- All months of a customer and line that one stretch of reviews sees look alike to those reviews: only the last payment matters.
stretches as (

    select
        customer_key,
        lob,
        max(last_paid_date) as last_paid_date,
        seen_from,
        seen_until

    from {{ ref('int_bills_paid') }}

    group by customer_key, lob, seen_from, seen_until

),

last_payments as (

    select
        review_dates.as_of_date,
        stretches.customer_key,
        stretches.lob,
        max(stretches.last_paid_date) as last_paid_date

    from stretches
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            stretches.seen_from <= review_dates.as_of_date
            and (stretches.seen_until is null or review_dates.as_of_date < stretches.seen_until)

    group by review_dates.as_of_date, stretches.customer_key, stretches.lob

),

months as (

    select distinct
        review_dates.as_of_date,
        bills.customer_key,
        bills.lob,
        bills.billing_month

    from {{ ref('int_bills_paid') }} as bills
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            bills.seen_from <= review_dates.as_of_date
            and (bills.seen_until is null or review_dates.as_of_date < bills.seen_until)
            and bills.last_bill_date > {{ add_months('review_dates.as_of_date', -12) }}

),

paid_months as (

    select
        as_of_date,
        customer_key,
        lob,
        count(*) as paid_months

    from months

    group by as_of_date, customer_key, lob

)

select
    last_payments.as_of_date,
    last_payments.customer_key,
    last_payments.lob,
    coalesce(paid_months.paid_months, 0) as paid_months,
    last_payments.last_paid_date

from last_payments
left join paid_months
    on
        last_payments.as_of_date = paid_months.as_of_date
        and last_payments.customer_key = paid_months.customer_key
        and last_payments.lob = paid_months.lob
