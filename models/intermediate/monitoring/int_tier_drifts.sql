-- One row per shown date and date it is compared with: how far the mix of tiers has moved (population stability index).

with

compared as (

    select
        as_of_date,
        'previous' as compared_with,
        previous_date as base_date

    from {{ ref('int_monitoring_dates') }}

    union all

    select
        as_of_date,
        'year_before' as compared_with,
        year_before_date as base_date

    from {{ ref('int_monitoring_dates') }}

),

shares as (

    select
        as_of_date,
        tier_state,
        greatest(
            cast(customer_count as {{ type_double() }})
            / nullif(sum(customer_count) over (partition by as_of_date), 0),
            0.0001
        ) as share

    from {{ ref('int_tier_mixes') }}

    where tier_state <> 'excluded'

),

graded as (

    select distinct as_of_date

    from {{ ref('int_tier_mixes') }}

    where tier_state <> 'excluded' and customer_count > 0

),

sums as (

    select
        compared.as_of_date,
        compared.compared_with,
        compared.base_date,
        sum((latest.share - base.share) * ln(latest.share / base.share)) as psi

    from compared
    inner join graded
        on compared.as_of_date = graded.as_of_date
    inner join graded as graded_base
        on compared.base_date = graded_base.as_of_date
    inner join shares as latest
        on compared.as_of_date = latest.as_of_date
    inner join shares as base
        on compared.base_date = base.as_of_date and latest.tier_state = base.tier_state

    group by compared.as_of_date, compared.compared_with, compared.base_date

)

select
    as_of_date,
    compared_with,
    base_date,
    {{ rounded('psi', 4) }} as psi

from sums
