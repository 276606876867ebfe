-- One row per path: the most any day may show of what a rule of cards may ask for. Everything counts, whenever it was.

with

-- Nothing is taken back here.
points as (

    select
        customers.path_key,
        sum(qualifying.points) as points

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_points_qualifying') }} as qualifying
        on customers.customer_key = qualifying.customer_key

    where qualifying.points > 0

    group by customers.path_key

),

spends as (

    select
        customers.path_key,
        sum(postings.net_amount) as net_amount

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_value_postings') }} as postings
        on customers.customer_key = postings.customer_key

    where postings.net_amount > 0

    group by customers.path_key

),

lines as (

    select
        customers.path_key,
        sales.lob,
        count(*) as sale_count

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_sales_seen') }} as sales
        on customers.customer_key = sales.customer_key

    group by customers.path_key, sales.lob

),

sales as (

    select
        path_key,
        sum(sale_count) as occasions,
        count(*) as lobs

    from lines

    group by path_key

),

members as (

    select
        path_key,
        min(member_since) as member_since

    from {{ ref('int_card_path_customers') }}

    group by path_key

)

select
    paths.path_key,
    coalesce(points.points, 0) as qualifying_points,
    coalesce(points.points, 0) as lifetime_points,
    -- What is recognised may be rounded up, a little for each length of recognition.
    coalesce(spends.net_amount, 0) + 1 as net_spend,
    coalesce(sales.occasions, 0) as occasions,
    coalesce(sales.lobs, 0) as lobs,
    {{ month_number('paths.last_day') }} - {{ month_number('members.member_since') }} as tenure_months,
    1 as no_overdue,
    paths.last_day

from {{ ref('int_card_paths') }} as paths
inner join members
    on paths.path_key = members.path_key
left join points
    on paths.path_key = points.path_key
left join spends
    on paths.path_key = spends.path_key
left join sales
    on paths.path_key = sales.path_key
