-- One row per review date and customer with sales in the last 24 months: how many known categories and units.

with

categories as (

    select
        review_dates.as_of_date,
        categories.customer_key,
        categories.category,
        sum(categories.net_amount) as net_amount,
        sum(categories.quantity) as quantity

    from {{ ref('int_customer_categories') }} as categories
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            categories.seen_from <= review_dates.as_of_date
            and (categories.left_from is null or review_dates.as_of_date < categories.left_from)

    group by review_dates.as_of_date, categories.customer_key, categories.category

)

select
    as_of_date,
    customer_key,
    sum(case when category <> 'unknown' then 1 else 0 end) as variety_categories,
    cast(sum(quantity) as decimal(18, 3)) as units

from categories

where net_amount > 0

group by as_of_date, customer_key
