-- One row per review date and customer whose interactions with a project speak for buying: the project with the most points.

with

projects as (

    select
        as_of_date,
        customer_key,
        project_id,
        row_number() over (
            partition by as_of_date, customer_key order by sum(points) desc, project_id
        ) as place

    from {{ ref('int_intent_points') }}

    where project_id is not null

    group by as_of_date, customer_key, project_id

    having sum(points) > 0

)

select
    as_of_date,
    customer_key,
    project_id as top_project_id

from projects

where place = 1
