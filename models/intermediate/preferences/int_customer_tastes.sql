-- One row per review date, customer, line and category with a sale in the last 24 months: net and last sale, in each of the two years.

with

changes as (

    select
        review_dates.as_of_date,
        sales.customer_key,
        sales.lob,
        sales.category,
        0 as net_amount,
        sales.last_sale_date,
        coalesce(sales.aged_from <= review_dates.as_of_date, false) as is_previous

    from {{ ref('int_customer_sales_windowed') }} as sales
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            sales.seen_from <= review_dates.as_of_date
            and (sales.seen_until is null or review_dates.as_of_date < sales.seen_until)
            and (sales.left_from is null or review_dates.as_of_date < sales.left_from)

    union all

    select
        review_dates.as_of_date,
        nets.customer_key,
        nets.lob,
        nets.category,
        nets.net_amount,
        cast(null as date) as last_sale_date,
        coalesce(nets.aged_from <= review_dates.as_of_date, false) as is_previous

    from {{ ref('int_customer_nets_windowed') }} as nets
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            nets.seen_from <= review_dates.as_of_date
            and (nets.left_from is null or review_dates.as_of_date < nets.left_from)

)

select
    as_of_date,
    customer_key,
    lob,
    category,
    sum(net_amount) as net_amount,
    sum(case when is_previous then 0 else net_amount end) as recent_net_amount,
    sum(case when is_previous then net_amount else 0 end) as previous_net_amount,
    max(last_sale_date) as last_sale_date,
    max(case when not is_previous then last_sale_date end) as recent_last_sale_date,
    max(case when is_previous then last_sale_date end) as previous_last_sale_date

from changes

group by as_of_date, customer_key, lob, category

having max(last_sale_date) is not null
