-- A component whose weight is 0 in the policy of the day adds nothing and is missed by nobody.

with

weightless as (

    select
        review_dates.as_of_date,
        weights.component

    from {{ ref('int_review_dates') }} as review_dates
    inner join {{ ref('policy_tier_weights') }} as weights
        on {{ in_force('weights', 'review_dates.as_of_date') }}

    where weights.weight = 0

)

select
    components.as_of_date,
    components.component

from {{ ref('int_tier_components') }} as components
inner join weightless
    on components.as_of_date = weightless.as_of_date and components.component = weightless.component

union all

select
    absent.as_of_date,
    weightless.component

from {{ ref('int_customers_components_absent') }} as absent
inner join weightless
    on
        absent.as_of_date = weightless.as_of_date
        and ', ' || absent.absent_components || ',' like '%, ' || weightless.component || ',%'
