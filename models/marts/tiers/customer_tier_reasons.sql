-- One row per graded customer and component of the score, at the as-of date: what it adds to the composite score and what it leaves open.

select
    components.as_of_date,
    reviews.customer_id,
    components.component,
    cast(components.weight as decimal(9, 4)) as weight,
    cast(components.score as decimal(9, 4)) as score,
    cast(
        cast(components.weight * components.score as {{ type_double() }}) / cast(composite.present_weight as {{ type_double() }})
        as {{ type_double() }}
    ) as contribution,
    cast(
        cast(components.weight * (100 - components.score) as {{ type_double() }}) / cast(composite.present_weight as {{ type_double() }})
        as {{ type_double() }}
    ) as points_lost

from {{ ref('int_tier_components') }} as components
inner join {{ ref('int_review_dates') }} as review_dates
    on components.as_of_date = review_dates.as_of_date and review_dates.is_current
inner join {{ ref('int_customers_composite') }} as composite
    on components.as_of_date = composite.as_of_date and components.customer_key = composite.customer_key
inner join {{ ref('int_customer_reviews') }} as reviews
    on components.as_of_date = reviews.as_of_date and components.customer_key = reviews.customer_key
