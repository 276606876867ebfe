-- One row per shown date and component with a weight: the share of customers of high, medium and low who lack it.

with

graded as (

    select
        as_of_date,
        customer_key

    from {{ ref('int_customers_monitored') }}

    where tier_state in ('high', 'medium', 'low')

),

totals as (

    select
        as_of_date,
        count(*) as customer_count

    from graded

    group by as_of_date

),

present as (

    select
        components.as_of_date,
        components.component,
        count(*) as present_count

    from {{ ref('int_tier_components') }} as components
    inner join graded
        on components.as_of_date = graded.as_of_date and components.customer_key = graded.customer_key

    group by components.as_of_date, components.component

)

select
    totals.as_of_date,
    'absent_share' as kpi,
    weights.component as segment,
    totals.customer_count,
    {{ ratio('(totals.customer_count - coalesce(present.present_count, 0))', 'totals.customer_count', 4, decimals=0) }} as kpi_value

from totals
inner join {{ ref('int_tier_weights_in_force') }} as weights
    on totals.as_of_date = weights.as_of_date
left join present
    on weights.as_of_date = present.as_of_date and weights.component = present.component
