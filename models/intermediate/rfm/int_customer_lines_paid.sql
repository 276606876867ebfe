-- One row per review date, customer and contract line with a paid bill: the last payment, and the months paid of the last twelve.

select
    review_dates.as_of_date,
    bills.customer_key,
    bills.lob,
    max(bills.last_paid_date) as last_paid_date,
    count(distinct case when bills.last_bill_date > {{ add_months('review_dates.as_of_date', -12) }} then bills.billing_month end)
        as paid_months

from {{ ref('int_bills_paid') }} as bills
inner join {{ ref('int_review_dates') }} as review_dates
    on
        bills.seen_from <= review_dates.as_of_date
        and (bills.seen_until is null or review_dates.as_of_date < bills.seen_until)

group by review_dates.as_of_date, bills.customer_key, bills.lob
