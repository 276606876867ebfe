-- One row per review date and customer with sales: known categories and units of the last 24 months, and known categories ever.

with

categories as (

    select
        review_dates.as_of_date,
        categories.customer_key,
        categories.category,
        sum(categories.net_amount) as net_amount,
        sum(case when categories.left_from is null or review_dates.as_of_date < categories.left_from then categories.net_amount else 0 end)
            as net_amount_24m,
        sum(case when categories.left_from is null or review_dates.as_of_date < categories.left_from then categories.quantity else 0 end)
            as quantity_24m

    from {{ ref('int_customer_categories') }} as categories
    inner join {{ ref('int_review_dates') }} as review_dates
        on categories.seen_from <= review_dates.as_of_date

    group by review_dates.as_of_date, categories.customer_key, categories.category

)

select
    as_of_date,
    customer_key,
    sum(case when category <> 'unknown' and net_amount_24m > 0 then 1 else 0 end) as variety_categories,
    sum(case when category <> 'unknown' then 1 else 0 end) as known_categories,
    cast(sum(case when net_amount_24m > 0 then quantity_24m else 0 end) as decimal(28, 3)) as units

from categories

where net_amount > 0

group by as_of_date, customer_key
