-- One row per shown date and customer known by then: the state of the customer, since which shown date it has lasted, and its value.

with

states as (

    select
        dates.as_of_date,
        tiers.customer_key,
        case
            when tiers.value_tier is not null then tiers.value_tier
            when tiers.rule_path = 'EXCL' then 'excluded'
            else 'unqualified'
        end as tier_state,
        tiers.coverage,
        tiers.is_provisional,
        tiers.override_id is not null as is_overridden

    from {{ ref('int_monitoring_dates') }} as dates
    inner join {{ ref('int_customers_tiered') }} as tiers
        on dates.as_of_date = tiers.as_of_date

),

compared as (

    select
        states.*,
        lag(states.tier_state) over (partition by states.customer_key order by states.as_of_date) as previous_state

    from states

)

select
    compared.as_of_date,
    compared.customer_key,
    compared.tier_state,
    compared.previous_state,
    max(case when compared.tier_state = compared.previous_state then null else compared.as_of_date end) over (
        partition by compared.customer_key order by compared.as_of_date
        rows between unbounded preceding and current row
    ) as state_since,
    compared.coverage,
    compared.is_provisional,
    compared.is_overridden,
    cast(coalesce(scores.spend_12m, 0) as decimal(18, 2)) as spend_12m,
    cast(coalesce(scores.m_value, 0) as decimal(18, 4)) as contribution_12m

from compared
left join {{ ref('int_customers_rfm_segmented') }} as scores
    on compared.as_of_date = scores.as_of_date and compared.customer_key = scores.customer_key
