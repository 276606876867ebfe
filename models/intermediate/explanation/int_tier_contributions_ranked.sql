-- One row per customer known at the as-of date and component with a weight: contributions in their order, and beside those of others.

with

numbered as (

    select
        contributions.*,
        row_number() over (
            partition by as_of_date, component, is_present order by contribution, customer_key
        ) as position_in_component,
        count(*) over (partition by as_of_date, component, is_present) as customer_count,
        row_number() over (
            partition by as_of_date, customer_key, is_present order by contribution desc, component
        ) as contribution_rank,
        row_number() over (partition by as_of_date, customer_key, is_present order by points_lost desc, component) as lost_rank

    from {{ ref('int_tier_contributions') }} as contributions

),

-- The lower middle of those who have the component.
medians as (

    select
        as_of_date,
        component,
        contribution as contribution_median

    from numbered

    where is_present and 2 * position_in_component in (customer_count, customer_count + 1)

),

compared as (

    select
        numbered.*,
        medians.contribution_median,
        coalesce(numbered.is_present and numbered.contribution > medians.contribution_median, false) as is_above_median

    from numbered
    left join medians
        on numbered.as_of_date = medians.as_of_date and numbered.component = medians.component

),

topped as (

    select
        compared.*,
        row_number() over (
            partition by as_of_date, customer_key, is_above_median order by contribution desc, component
        ) as plus_rank

    from compared

)

select
    as_of_date,
    customer_key,
    component,
    weight,
    score,
    contribution,
    points_lost,
    case when is_present then contribution_rank end as contribution_rank,
    case when is_present then lost_rank end as lost_rank,
    contribution_median,
    case when is_above_median and plus_rank <= 3 then plus_rank end as top_plus_rank,
    case when is_present and points_lost > 0 and lost_rank <= 3 then lost_rank end as top_minus_rank,
    is_present

from topped
