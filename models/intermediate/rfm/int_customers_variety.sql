-- One row per review date and customer with sales in the last 24 months: how many lines, known categories and units.

with

categories as (

    select
        review_dates.as_of_date,
        categories.customer_key,
        categories.lob,
        categories.category,
        sum(categories.net_amount) as net_amount,
        sum(categories.quantity) as quantity

    from {{ ref('int_customer_categories') }} as categories
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            categories.seen_from <= review_dates.as_of_date
            and (categories.left_from is null or review_dates.as_of_date < categories.left_from)

    group by review_dates.as_of_date, categories.customer_key, categories.lob, categories.category

)

select
    as_of_date,
    customer_key,
    count(distinct lob) as variety_lobs,
    count(distinct case when category <> 'unknown' then category end) as variety_categories,
    cast(sum(quantity) as decimal(18, 3)) as units

from categories

where net_amount > 0

group by as_of_date, customer_key
