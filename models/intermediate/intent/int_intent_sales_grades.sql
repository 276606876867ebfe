-- One row per review date and customer graded by the sales office: the last grade, of any age.

with

given_grades as (

    select
        customer_key,
        interaction_id,
        upper(interaction_value) as sales_grade,
        event_at,
        event_date,
        seen_from

    from {{ ref('int_interactions_seen') }}

    where event_type = 'grade_set' and interaction_value is not null

),

ranked as (

    select
        levels.as_of_date,
        given_grades.customer_key,
        given_grades.sales_grade,
        levels.level_order,
        given_grades.event_date as sales_grade_date,
        row_number() over (
            partition by levels.as_of_date, given_grades.customer_key
            order by given_grades.event_at desc, given_grades.interaction_id desc, levels.level_order
        ) as place

    from given_grades
    inner join {{ ref('int_intent_grades_in_force') }} as levels
        on given_grades.sales_grade = levels.intent_level and given_grades.seen_from <= levels.as_of_date
    left join {{ ref('int_interaction_bot_days') }} as bot_days
        on
            levels.as_of_date = bot_days.as_of_date
            and given_grades.customer_key = bot_days.customer_key
            and given_grades.event_date = bot_days.event_date

    where bot_days.customer_key is null

)

select
    as_of_date,
    customer_key,
    sales_grade,
    level_order,
    sales_grade_date

from ranked

where place = 1
