-- One row per review date and customer with an interaction in the window: points of all types, and the type with most of them.

with

ranked as (

    select
        points.*,
        row_number() over (
            partition by points.as_of_date, points.customer_key order by points.points desc, points.event_type
        ) as place

    from {{ ref('int_engagement_points') }} as points

)

select
    as_of_date,
    customer_key,
    max(case when place = 1 and points > 0 then event_type end) as top_event_type,
    cast(sum(points) as decimal(18, 4)) as engagement_points,
    sum(interaction_count_365d) as interaction_count_365d

from ranked

group by as_of_date, customer_key
