-- At every shown date the customers of all tiers, unqualified and excluded are the customers known, and nobody is lost in a move.

with

known as (

    select
        as_of_date,
        count(*) as customer_count

    from {{ ref('customer_tier_history') }}

    group by as_of_date

),

counted as (

    select
        as_of_date,
        'tier_economics' as mart,
        sum(customer_count) as customer_count

    from {{ ref('tier_economics') }}

    group by as_of_date

    union all

    select
        to_date as as_of_date,
        'tier_migrations' as mart,
        sum(customer_count) as customer_count

    from {{ ref('tier_migrations') }}

    group by to_date

    union all

    select
        from_date as as_of_date,
        'tier_migrations, before' as mart,
        sum(case when from_tier <> 'not_known' then customer_count else 0 end) as customer_count

    from {{ ref('tier_migrations') }}

    group by from_date

)

select
    counted.as_of_date,
    counted.mart,
    counted.customer_count,
    known.customer_count as known_count

from counted
left join known
    on counted.as_of_date = known.as_of_date

where coalesce(known.customer_count, 0) <> counted.customer_count
