-- One row per review date, graded customer and line held: first and last purchase occasion, and how many there were.

with

stretches as (

    select
        customer_key,
        lob,
        seen_from,
        seen_until,
        min(occasion_date) as first_occasion_date,
        max(occasion_date) as last_occasion_date,
        count(*) as occasion_count

    from {{ ref('int_occasions') }}

    group by customer_key, lob, seen_from, seen_until

),

held as (

    select
        review_dates.as_of_date,
        stretches.customer_key,
        stretches.lob,
        min(stretches.first_occasion_date) as first_occasion_date,
        max(stretches.last_occasion_date) as last_occasion_date,
        sum(stretches.occasion_count) as occasion_count

    from stretches
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            stretches.seen_from <= review_dates.as_of_date
            and (stretches.seen_until is null or review_dates.as_of_date < stretches.seen_until)

    group by review_dates.as_of_date, stretches.customer_key, stretches.lob

)

select
    held.as_of_date,
    held.customer_key,
    held.lob,
    cast(held.occasion_count as bigint) as occasion_count,
    held.first_occasion_date,
    held.last_occasion_date

from held
inner join {{ ref('int_customer_reviews') }} as reviews
    on held.as_of_date = reviews.as_of_date and held.customer_key = reviews.customer_key and reviews.is_scoreable
