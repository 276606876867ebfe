-- One row per shown date but the first, rate and tier before (`all`: high, medium and low together): the share that rose, fell, stayed.

with

moves as (

    select
        to_date as as_of_date,
        from_tier as segment,
        direction,
        customer_count

    from {{ ref('int_tier_moves') }}

    where from_tier in ('high', 'medium', 'low')

    union all

    select
        to_date as as_of_date,
        'all' as segment,
        direction,
        customer_count

    from {{ ref('int_tier_moves') }}

    where from_tier in ('high', 'medium', 'low')

),

segments as (

    select
        as_of_date,
        segment,
        sum(customer_count) as customer_count,
        sum(case when direction = 'up' then customer_count else 0 end) as up_count,
        sum(case when direction = 'down' then customer_count else 0 end) as down_count,
        sum(case when direction = 'same' then customer_count else 0 end) as stable_count

    from moves

    group by as_of_date, segment

)
{%- for rate in ['up', 'down', 'stable'] %}

select
    as_of_date,
    '{{ rate }}_rate' as kpi,
    segment,
    customer_count,
    {{ ratio(rate ~ '_count', 'customer_count', 4, decimals=0) }} as kpi_value

from segments
{%- if not loop.last %}

union all
{%- endif %}
{%- endfor %}
