-- One row per customer known at the as-of date and component that alone could bring the next tier: by how much it would have to rise.
-- The composite score is rounded half up, so its steps N / W reach the cut G from 2 N + W >= 2 W G on.

with

cuts as (

    select
        tiers.as_of_date,
        tiers.customer_key,
        cast(ceil(
            case tiers.next_tier when 'high' then thresholds.high_score else thresholds.medium_score end * 10000
        ) as bigint) as cut_steps,
        cast(composite.present_weight * 10000 as bigint) as parts_per_step

    from {{ ref('int_customers_tiered') }} as tiers
    inner join {{ ref('int_review_dates') }} as review_dates
        on tiers.as_of_date = review_dates.as_of_date and review_dates.is_current
    inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
        on tiers.as_of_date = thresholds.as_of_date and tiers.customer_type = thresholds.customer_type
    inner join {{ ref('int_customers_composite') }} as composite
        on tiers.as_of_date = composite.as_of_date and tiers.customer_key = composite.customer_key

    where tiers.score_gap_to_next > 0

),

components as (

    select
        as_of_date,
        customer_key,
        component,
        weight,
        cast(weight * 10000 as bigint) as weight_parts,
        cast(score * 10000 as bigint) as score_steps,
        sum(cast(weight * 10000 as bigint) * cast(score * 10000 as bigint)) over (
            partition by as_of_date, customer_key
        ) as won_parts

    from {{ ref('int_tier_components') }}

),

changes as (

    select
        components.as_of_date,
        components.customer_key,
        components.component,
        components.weight,
        components.score_steps,
        cast({{ whole_division(
            '2 * cuts.parts_per_step * cuts.cut_steps - cuts.parts_per_step - 2 * components.won_parts + 2 * components.weight_parts - 1',
            '2 * components.weight_parts'
        ) }} as bigint) as change_steps

    from components
    inner join cuts
        on components.as_of_date = cuts.as_of_date and components.customer_key = cuts.customer_key

),

ranked as (

    select
        changes.*,
        row_number() over (
            partition by as_of_date, customer_key order by change_steps, weight desc, component
        ) as change_rank

    from changes

    where score_steps + change_steps <= 1000000

)

select
    as_of_date,
    customer_key,
    component,
    {{ steps_as_points('change_steps') }} as change_to_next,
    change_rank = 1 as is_smallest_change

from ranked
