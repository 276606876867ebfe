-- One row per path, occasion and stretch of days on which it is known and not all taken back (`held_from` until before `held_until`):
-- its day, the earliest known by then of its sales.

with

sales as (

    select
        customers.path_key,
        greatest(sales.known_on, customers.counts_from) as seen_on,
        sales.undone_on,
        sales.customer_key,
        sales.lob,
        sales.occasion_key,
        sales.event_date,
        -- The day is part of what tells occasions apart, except where a contract is one occasion.
        case when sales.is_contract_occasion then date '1900-01-01' else sales.event_date end as occasion_day

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_sales_seen') }} as sales
        on customers.customer_key = sales.customer_key

),

changes as (

    select path_key, customer_key, lob, occasion_key, occasion_day, seen_on as changed_on, event_date, 1 as sale_count from sales

    union all

    select
        path_key, customer_key, lob, occasion_key, occasion_day, greatest(seen_on, undone_on) as changed_on,
        cast(null as date) as event_date, -1 as sale_count

    from sales

    where undone_on is not null

),

days as (

    select
        path_key,
        customer_key,
        lob,
        occasion_key,
        occasion_day,
        changed_on,
        min(event_date) as event_date,
        sum(sale_count) as sale_count

    from changes

    group by path_key, customer_key, lob, occasion_key, occasion_day, changed_on

),

{% set so_far %}over (partition by path_key, customer_key, lob, occasion_key, occasion_day order by changed_on){% endset -%}

spans as (

    select
        path_key,
        lob,
        min(event_date) {{ so_far }} as occasion_date,
        sum(sale_count) {{ so_far }} as sale_count,
        changed_on as held_from,
        lead(changed_on) {{ so_far }} as held_until

    from days

)

select
    path_key,
    lob,
    occasion_date,
    held_from,
    held_until

from spans

where sale_count > 0
