-- One row per review date, graded customer, line but property_sale and category with a sale in the last 24 months: first and last sale.

with

stretches as (

    select
        customer_key,
        lob,
        category,
        seen_from,
        seen_until,
        min(event_date) as first_sale_date,
        max(event_date) as last_sale_date

    from {{ ref('int_sales_seen') }}

    where lob <> 'property_sale'

    group by customer_key, lob, category, seen_from, seen_until

),

categories as (

    select
        review_dates.as_of_date,
        stretches.customer_key,
        stretches.lob,
        stretches.category,
        min(stretches.first_sale_date) as first_sale_date,
        max(stretches.last_sale_date) as last_sale_date

    from stretches
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            stretches.seen_from <= review_dates.as_of_date
            and (stretches.seen_until is null or review_dates.as_of_date < stretches.seen_until)

    group by review_dates.as_of_date, stretches.customer_key, stretches.lob, stretches.category

)

select categories.*

from categories
inner join {{ ref('int_customer_reviews') }} as reviews
    on categories.as_of_date = reviews.as_of_date and categories.customer_key = reviews.customer_key and reviews.is_scoreable

where categories.last_sale_date > {{ add_days('categories.as_of_date', '-' ~ activity_window_days()) }}
