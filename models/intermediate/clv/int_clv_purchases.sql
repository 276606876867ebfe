-- One row per review date, graded customer and line with a purchase model: days with a purchase, counted as the models do.
-- All orders of a day are one purchase, free ones too. The first is not counted: it is how a customer becomes one.

with

occasions as (

    select
        customer_key,
        lob,
        occasion_date,
        seen_from,
        seen_until

    from {{ ref('int_occasions') }}

    union all

    select
        free_sales.customer_key,
        free_sales.lob,
        free_sales.event_date as occasion_date,
        calendar.first_review_date as seen_from,
        cast(null as date) as seen_until

    from {{ ref('int_transactions_valued') }} as free_sales
    inner join {{ ref('int_calendar') }} as calendar
        on free_sales.known_on = calendar.calendar_date

    where
        free_sales.reporting_amount = 0
        and free_sales.txn_role = 'sale'
        and free_sales.fate = 'accepted'
        and not free_sales.is_hidden

),

days as (

    select
        review_dates.as_of_date,
        occasions.customer_key,
        occasions.lob,
        occasions.occasion_date

    from occasions
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            occasions.seen_from <= review_dates.as_of_date
            and (occasions.seen_until is null or review_dates.as_of_date < occasions.seen_until)
    inner join {{ ref('int_lobs_in_force') }} as lobs
        on review_dates.as_of_date = lobs.as_of_date and occasions.lob = lobs.lob and lobs.purchase_model <> 'none'

    group by review_dates.as_of_date, occasions.customer_key, occasions.lob, occasions.occasion_date

),

purchases as (

    select
        as_of_date,
        customer_key,
        lob,
        min(occasion_date) as first_purchase_date,
        max(occasion_date) as last_purchase_date,
        count(*) as purchase_days

    from days

    group by as_of_date, customer_key, lob

),

spend as (

    select
        purchases.as_of_date,
        purchases.customer_key,
        purchases.lob,
        sum(
            case when days.value_date > purchases.first_purchase_date then days.contribution_amount else 0 end
        ) as repeat_contribution

    from purchases
    inner join {{ ref('int_customer_line_days') }} as days
        on purchases.customer_key = days.customer_key and purchases.lob = days.lob and days.seen_from <= purchases.as_of_date

    group by purchases.as_of_date, purchases.customer_key, purchases.lob

)

select
    purchases.as_of_date,
    purchases.customer_key,
    purchases.lob,
    purchases.first_purchase_date,
    cast(purchases.purchase_days - 1 as integer) as repeat_purchases,
    {{ days_between('purchases.first_purchase_date', 'purchases.last_purchase_date') }} as recency_days,
    {{ days_between('purchases.first_purchase_date', 'purchases.as_of_date') }} as age_days,
    cast(coalesce(spend.repeat_contribution, 0) as decimal(18, 2)) as repeat_contribution

from purchases
inner join {{ ref('int_customer_reviews') }} as reviews
    on purchases.as_of_date = reviews.as_of_date and purchases.customer_key = reviews.customer_key and reviews.is_scoreable
left join spend
    on
        purchases.as_of_date = spend.as_of_date
        and purchases.customer_key = spend.customer_key
        and purchases.lob = spend.lob
