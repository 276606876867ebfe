-- One row per customer known at the as-of date and component with a weight: what it adds to the composite score, what it leaves open.
-- In steps of 0.0001 and whole numbers throughout: shares are rounded down, and what is missing goes to the greatest remainders.

with

components as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        weights.component,
        weights.weight,
        components.score,
        components.score is not null as is_present,
        cast(components.weight * 10000 as bigint) * cast(components.score * 10000 as bigint) as won_parts,
        cast(components.weight * 10000 as bigint) * cast((100 - components.score) * 10000 as bigint) as lost_parts,
        cast(composite.present_weight * 10000 as bigint) as parts_per_step,
        cast(composite.composite_score * 10000 as bigint) as score_steps

    from {{ ref('int_customer_reviews') }} as reviews
    inner join {{ ref('int_review_dates') }} as review_dates
        on reviews.as_of_date = review_dates.as_of_date and review_dates.is_current
    inner join {{ ref('int_tier_weights_in_force') }} as weights
        on reviews.as_of_date = weights.as_of_date
    left join {{ ref('int_tier_components') }} as components
        on
            reviews.as_of_date = components.as_of_date
            and reviews.customer_key = components.customer_key
            and weights.component = components.component
    left join {{ ref('int_customers_composite') }} as composite
        on reviews.as_of_date = composite.as_of_date and reviews.customer_key = composite.customer_key

),

divided as (

    select
        components.*,
        cast({{ whole_division('won_parts', 'parts_per_step') }} as bigint) as won_steps,
        cast({{ whole_division('lost_parts', 'parts_per_step') }} as bigint) as lost_steps

    from components

),

ranked as (

    select
        divided.*,
        row_number() over (
            partition by as_of_date, customer_key
            order by won_parts - won_steps * parts_per_step desc nulls last, component
        ) as won_remainder_rank,
        row_number() over (
            partition by as_of_date, customer_key
            order by lost_parts - lost_steps * parts_per_step desc nulls last, component
        ) as lost_remainder_rank,
        score_steps - sum(won_steps) over (partition by as_of_date, customer_key) as won_steps_missing,
        1000000 - score_steps - sum(lost_steps) over (partition by as_of_date, customer_key) as lost_steps_missing

    from divided

)

select
    as_of_date,
    customer_key,
    component,
    weight,
    score,
    {{ steps_as_points(
        'case when is_present then won_steps + case when won_remainder_rank <= won_steps_missing then 1 else 0 end else 0 end'
    ) }} as contribution,
    {{ steps_as_points(
        'case when is_present then lost_steps + case when lost_remainder_rank <= lost_steps_missing then 1 else 0 end else 0 end'
    ) }} as points_lost,
    is_present

from ranked
