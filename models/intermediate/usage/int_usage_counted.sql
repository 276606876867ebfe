-- One row per review date, customer, line but property_sale and category with a sale in the last 365 days: uses, months and units.

with

days as (

    select
        customer_key,
        lob,
        category,
        event_date,
        seen_from,
        seen_until,
        sum(quantity) as units

    from {{ ref('int_sales_seen') }}

    where lob <> 'property_sale'

    group by customer_key, lob, category, event_date, seen_from, seen_until

)

select
    review_dates.as_of_date,
    days.customer_key,
    days.lob,
    days.category,
    count(distinct days.event_date) as use_count,
    count(distinct {{ month_number('days.event_date') }}) as active_months,
    cast(sum(days.units) as decimal(28, 3)) as units

from days
inner join {{ ref('int_review_dates') }} as review_dates
    on
        days.seen_from <= review_dates.as_of_date
        and (days.seen_until is null or review_dates.as_of_date < days.seen_until)
        and days.event_date > {{ add_days('review_dates.as_of_date', -365) }}

group by review_dates.as_of_date, days.customer_key, days.lob, days.category
