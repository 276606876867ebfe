-- One row per graded date: those shown in the marts, and before them the reviews that their tiers rest on.

with

history as (

    select first_sale_date from {{ ref('int_shown_dates') }} where is_current

),

remembered as (

    select
        reviews.review_date as as_of_date,
        history.first_sale_date

    from {{ ref('int_review_calendar') }} as reviews
    inner join {{ ref('int_tier_memory') }} as memory
        on reviews.month_number > memory.after_month_number
    inner join history
        on reviews.review_date >= history.first_sale_date
    left join {{ ref('int_shown_dates') }} as shown
        on reviews.review_date = shown.as_of_date

    where shown.as_of_date is null

),

graded as (

    select as_of_date, first_sale_date, is_current, true as is_shown from {{ ref('int_shown_dates') }}

    union all

    select as_of_date, first_sale_date, false as is_current, false as is_shown from remembered

)

select
    graded.as_of_date,
    lag(graded.as_of_date) over (order by graded.as_of_date) as previous_as_of_date,
    lead(graded.as_of_date) over (order by graded.as_of_date) as next_as_of_date,
    row_number() over (order by graded.as_of_date) as review_number,
    graded.first_sale_date,
    graded.is_current,
    graded.is_shown,
    reviews.review_date is not null as is_review

from graded
left join {{ ref('int_review_calendar') }} as reviews
    on graded.as_of_date = reviews.review_date
