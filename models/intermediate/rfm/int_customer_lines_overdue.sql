-- One row per review date, customer and line with a bill that is overdue by more than the days of grace.

select distinct
    review_dates.as_of_date,
    bills.customer_key,
    bills.lob

from {{ ref('int_sales_seen') }} as bills
inner join {{ ref('int_review_dates') }} as review_dates
    on
        bills.seen_from <= review_dates.as_of_date
        and (bills.seen_until is null or review_dates.as_of_date < bills.seen_until)
inner join {{ ref('int_parameters_in_force') }} as parameters
    on review_dates.as_of_date = parameters.as_of_date

where
    bills.due_date is not null
    and (bills.paid_on is null or review_dates.as_of_date < bills.paid_on)
    and {{ add_days('bills.due_date', 'parameters.overdue_grace_days') }} < review_dates.as_of_date
