-- One row per shown date: the shown date before it, and that of a year before.
{{ config(materialized='view') }}

with

shown as (

    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_date,
        is_current,
        is_review

    from {{ ref('int_review_dates') }}

    where is_shown

)

select
    shown.as_of_date,
    shown.previous_date,
    max(earlier.as_of_date) as year_before_date,
    shown.is_current,
    shown.is_review

from shown
left join shown as earlier
    on {{ month_number('earlier.as_of_date') }} <= {{ month_number('shown.as_of_date') }} - 12

group by shown.as_of_date, shown.previous_date, shown.is_current, shown.is_review
