-- At every shown date the contribution and spend of the tiers are those of all graded customers.

with

tiers as (

    select
        as_of_date,
        sum(contribution_12m) as contribution_12m,
        sum(spend_12m) as spend_12m

    from {{ ref('tier_economics') }}

    group by as_of_date

),

customers as (

    select
        as_of_date,
        sum(m_value) as contribution_12m,
        sum(spend_12m) as spend_12m

    from {{ ref('customer_rfm_history') }}

    group by as_of_date

)

select
    tiers.as_of_date,
    tiers.contribution_12m,
    customers.contribution_12m as contribution_of_all,
    tiers.spend_12m,
    customers.spend_12m as spend_of_all

from tiers
left join customers
    on tiers.as_of_date = customers.as_of_date

where
    tiers.contribution_12m <> coalesce(customers.contribution_12m, 0)
    or tiers.spend_12m <> coalesce(customers.spend_12m, 0)
