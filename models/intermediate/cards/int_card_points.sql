-- One row per path and day looked at with qualifying points known by then: those of the period, and all since membership.

with

points as (

    select
        customers.path_key,
        greatest(qualifying.posted_on, customers.counts_from) as seen_on,
        qualifying.qualifying_date,
        sum(qualifying.points) as points

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_points_qualifying') }} as qualifying
        on customers.customer_key = qualifying.customer_key

    group by customers.path_key, greatest(qualifying.posted_on, customers.counts_from), qualifying.qualifying_date

)

select
    periods.path_key,
    periods.candidate_date,
    cast(sum(case when points.qualifying_date >= periods.period_from then points.points else 0 end) as bigint) as qualifying_points,
    cast(sum(points.points) as bigint) as lifetime_points

from {{ ref('int_card_periods') }} as periods
inner join points
    on
        periods.path_key = points.path_key
        and points.seen_on <= periods.candidate_date
        and points.qualifying_date between periods.lifetime_from and periods.candidate_date

group by periods.path_key, periods.candidate_date
