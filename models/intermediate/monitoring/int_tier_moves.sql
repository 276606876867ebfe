-- One row per shown date but the first, state before, state now: how many customers moved so, and what they spend.

with

moves as (

    select
        dates.previous_date as from_date,
        dates.as_of_date as to_date,
        dates.is_review,
        coalesce(customers.previous_state, 'not_known') as from_tier,
        customers.tier_state as to_tier,
        customers.spend_12m

    from {{ ref('int_monitoring_dates') }} as dates
    inner join {{ ref('int_customers_monitored') }} as customers
        on dates.as_of_date = customers.as_of_date

    where dates.previous_date is not null

)

select
    from_date,
    to_date,
    is_review,
    from_tier,
    to_tier,
    case
        when from_tier = to_tier then 'same'
        when from_tier = 'not_known' then 'entered'
        when to_tier = 'excluded' then 'left'
        when from_tier = 'excluded' then 'entered'
        when {{ tier_state_rank('to_tier') }} > {{ tier_state_rank('from_tier') }} then 'up'
        else 'down'
    end as direction,
    count(*) as customer_count,
    cast(sum(spend_12m) as decimal(18, 2)) as spend_12m

from moves

group by from_date, to_date, is_review, from_tier, to_tier
