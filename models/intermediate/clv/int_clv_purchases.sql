-- One row per knowledge date, graded customer and line with a purchase model: days with a purchase, counted as the models do.
-- The first is not counted: it is how a customer becomes one.

with

days as (

    select
        lobs.as_of_date,
        visits.customer_key,
        visits.lob,
        visits.visit_date

    from {{ ref('int_clv_visits') }} as visits
    inner join {{ ref('int_clv_lines_in_force') }} as lobs
        on
            visits.lob = lobs.lob
            and lobs.prediction = 'repeat'
            and visits.seen_from <= lobs.as_of_date
            and (visits.seen_until is null or lobs.as_of_date < visits.seen_until)

    group by lobs.as_of_date, visits.customer_key, visits.lob, visits.visit_date

),

purchases as (

    select
        as_of_date,
        customer_key,
        lob,
        min(visit_date) as first_purchase_date,
        max(visit_date) as last_purchase_date,
        count(*) as purchase_days

    from days

    group by as_of_date, customer_key, lob

),

spend as (

    select
        purchases.as_of_date,
        purchases.customer_key,
        purchases.lob,
        sum(days.contribution_amount) as contribution,
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
    cast(coalesce(spend.contribution, 0) as decimal(18, 2)) as contribution,
    cast(coalesce(spend.repeat_contribution, 0) as decimal(18, 2)) as repeat_contribution

from purchases
inner join {{ ref('int_customers_judged') }} as customers
    on purchases.as_of_date = customers.as_of_date and purchases.customer_key = customers.customer_key and customers.is_scoreable
left join spend
    on
        purchases.as_of_date = spend.as_of_date
        and purchases.customer_key = spend.customer_key
        and purchases.lob = spend.lob
