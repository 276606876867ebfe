-- One row per review date and customer with a sale in the last 24 months: the usual channel, and how much of it was discounted.

with

channels as (

    select
        review_dates.as_of_date,
        sales.customer_key,
        sales.channel,
        sum(sales.sale_count) as sale_count,
        sum(sales.discount_known_count) as discount_known_count,
        sum(sales.discounted_count) as discounted_count,
        sum(sales.gross_amount) as gross_amount,
        sum(sales.discount_amount) as discount_amount

    from {{ ref('int_customer_sales_windowed') }} as sales
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            sales.seen_from <= review_dates.as_of_date
            and (sales.seen_until is null or review_dates.as_of_date < sales.seen_until)
            and (sales.left_from is null or review_dates.as_of_date < sales.left_from)

    group by review_dates.as_of_date, sales.customer_key, sales.channel

),

ranked as (

    select
        channels.*,
        row_number() over (
            partition by as_of_date, customer_key
            order by case when channel is null then 1 else 0 end, sale_count desc, channel
        ) as channel_rank

    from channels

)

select
    as_of_date,
    customer_key,
    max(case when channel_rank = 1 then channel end) as purchase_channel,
    {{ ratio('sum(discount_amount)', 'sum(gross_amount)', 4, decimals=2) }} as discount_share,
    {{ ratio('sum(discounted_count)', 'sum(discount_known_count)', 4, decimals=0) }} as discounted_sale_share

from ranked

group by as_of_date, customer_key
