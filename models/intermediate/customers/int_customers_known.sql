-- One row per customer: from which review on it is known, by its own dates or by its first sale.

with

own_dates as (

    select
        customer_id,
        {{ business_date('min(least(created_at, updated_at, recorded_at))') }} as known_on

    from {{ ref('int_customers_screened') }}

    where fate = 'accepted'

    group by customer_id

),

first_sales as (

    select
        customer_key,
        min(seen_from) as seen_from

    from {{ ref('int_sales_seen') }}

    group by customer_key

),

first_review as (

    select min(as_of_date) as as_of_date from {{ ref('int_review_dates') }}

)

select
    keys.customer_key,
    keys.customer_id,
    case
        -- Delivered without any date: known all along.
        when own_dates.customer_id is not null and own_dates.known_on is null then first_review.as_of_date
        else least(calendar.first_review_date, first_sales.seen_from)
    end as seen_from

from {{ ref('int_customers_keyed') }} as keys
cross join first_review
left join own_dates
    on keys.customer_id = own_dates.customer_id
left join {{ ref('int_calendar') }} as calendar
    on own_dates.known_on = calendar.calendar_date
left join first_sales
    on keys.customer_key = first_sales.customer_key
