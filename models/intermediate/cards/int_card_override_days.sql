-- One row per path with an override of cards and day on which it is judged: days on which something may happen, and graded dates.

with

customers as (

    select
        customers.path_key,
        customers.customer_key,
        customers.counts_from,
        -- From the day of a merge on the account decides.
        case when paths.path_key = paths.account_key then {{ add_days('paths.last_day', 1) }} else paths.last_day end as counts_until,
        paths.first_day

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_card_paths') }} as paths
        on customers.path_key = paths.path_key

    where customers.customer_key in (
        select overrides.customer_key from {{ ref('int_tier_overrides_seen') }} as overrides

        where overrides.axis = 'card'
    )

)

select
    customers.path_key,
    customers.customer_key,
    days.candidate_date as as_of_date,
    days.is_step

from customers
inner join {{ ref('int_card_days') }} as days
    on customers.path_key = days.path_key

where days.candidate_date >= customers.counts_from and days.candidate_date < customers.counts_until

union all

select
    customers.path_key,
    customers.customer_key,
    dates.as_of_date,
    false as is_step

from customers
inner join {{ ref('int_review_dates') }} as dates
    on
        greatest(customers.first_day, customers.counts_from) <= dates.as_of_date
        and dates.as_of_date < customers.counts_until
left join {{ ref('int_card_days') }} as days
    on customers.path_key = days.path_key and dates.as_of_date = days.candidate_date

where days.path_key is null
