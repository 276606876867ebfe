-- One row per shown date, figure and value tier (`all`: high, medium and low together): share, time in the tier, what it rests on.

with

customers as (

    select
        customers.as_of_date,
        customers.tier_state as segment,
        count(*) as customer_count,
        sum({{ days_between('customers.state_since', 'customers.as_of_date') }}) as days_in_tier,
        sum(case when customers.is_provisional then 1 else 0 end) as provisional_count,
        sum(case when customers.is_overridden then 1 else 0 end) as overridden_count,
        sum(customers.coverage) as coverage

    from {{ ref('int_customers_monitored') }} as customers

    group by customers.as_of_date, customers.tier_state

),

segments as (

    select * from customers

    where segment in ('high', 'medium', 'low')

    union all

    select
        as_of_date,
        'all' as segment,
        sum(customer_count) as customer_count,
        sum(days_in_tier) as days_in_tier,
        sum(provisional_count) as provisional_count,
        sum(overridden_count) as overridden_count,
        sum(coverage) as coverage

    from customers

    where segment in ('high', 'medium', 'low')

    group by as_of_date

)

select
    as_of_date,
    'tier_share' as kpi,
    tier_state as segment,
    customer_count,
    {{ ratio('customer_count', 'all_customer_count', 4, decimals=0) }} as kpi_value

from {{ ref('int_tier_mixes') }}

where all_customer_count > 0
{%- for kpi, sum in {
    'mean_days_in_tier': 'days_in_tier',
    'provisional_share': 'provisional_count',
    'override_share': 'overridden_count',
    'mean_coverage': 'coverage',
}.items() %}

union all

select
    as_of_date,
    '{{ kpi }}' as kpi,
    segment,
    customer_count,
    {{ ratio(sum, 'customer_count', 4, decimals=4) }} as kpi_value

from segments
{%- endfor %}
