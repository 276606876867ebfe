-- One row per shown date and state: how many customers there are, their share, and what they bring.

with

tier_states as (

    {%- for tier in tier_states() %}
    select '{{ tier }}' as tier_state
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

totals as (

    select
        as_of_date,
        tier_state,
        count(*) as customer_count,
        sum(spend_12m) as spend_12m,
        sum(contribution_12m) as contribution_12m

    from {{ ref('int_customers_monitored') }}

    group by as_of_date, tier_state

)

select
    dates.as_of_date,
    tier_states.tier_state,
    coalesce(totals.customer_count, 0) as customer_count,
    sum(coalesce(totals.customer_count, 0)) over (partition by dates.as_of_date) as all_customer_count,
    cast(coalesce(totals.spend_12m, 0) as decimal(18, 2)) as spend_12m,
    cast(coalesce(totals.contribution_12m, 0) as decimal(18, 4)) as contribution_12m

from {{ ref('int_monitoring_dates') }} as dates
cross join tier_states
left join totals
    on dates.as_of_date = totals.as_of_date and tier_states.tier_state = totals.tier_state
