-- One row per review date, customer, what is compared (category or line) and its name, with its rank in the two years and in each.
-- Where nothing was sold in a window, it has no rank there.

with

named as (

    select
        tastes.*,
        'category' as taste_type,
        tastes.category as taste

    from {{ ref('int_customer_tastes') }} as tastes

    where tastes.category <> 'unknown'

    union all

    select
        tastes.*,
        'lob' as taste_type,
        tastes.lob as taste

    from {{ ref('int_customer_tastes') }} as tastes

),

added_up as (

    select
        as_of_date,
        customer_key,
        taste_type,
        taste,
        sum(net_amount) as net_amount,
        sum(recent_net_amount) as recent_net_amount,
        sum(previous_net_amount) as previous_net_amount,
        max(last_sale_date) as last_sale_date,
        max(recent_last_sale_date) as recent_last_sale_date,
        max(previous_last_sale_date) as previous_last_sale_date

    from named

    group by as_of_date, customer_key, taste_type, taste

)

select
    as_of_date,
    customer_key,
    taste_type,
    taste,
    row_number() over (
        partition by as_of_date, customer_key, taste_type
        order by net_amount desc, last_sale_date desc, taste
    ) as top_rank,
    case
        when recent_last_sale_date is not null
            then row_number() over (
                partition by as_of_date, customer_key, taste_type, recent_last_sale_date is null
                order by recent_net_amount desc, recent_last_sale_date desc, taste
            )
    end as recent_rank,
    case
        when previous_last_sale_date is not null
            then row_number() over (
                partition by as_of_date, customer_key, taste_type, previous_last_sale_date is null
                order by previous_net_amount desc, previous_last_sale_date desc, taste
            )
    end as previous_rank

from added_up
