-- One row per review date and level of intent: its place in the order and what is assumed of it by the policy in force that day.
{{ config(materialized='view') }}

select
    review_dates.as_of_date,
    grades.intent_level,
    grades.level_order,
    grades.conversion_probability,
    grades.purchase_window

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_intent_grades') }} as grades
    on {{ in_force('grades', 'review_dates.as_of_date') }}
