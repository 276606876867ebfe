-- One row per month end and day on which cards are looked at because of it: the day itself, and the end of the grace begun on it.

with

month_ends as (

    select
        calendar.calendar_date as month_end,
        {{ add_days('calendar.calendar_date', 'program.grace_days') }} as grace_end

    from {{ ref('int_calendar') }} as calendar
    inner join {{ ref('policy_card_program') }} as program
        on {{ in_force('program', 'calendar.calendar_date') }}

    where calendar.calendar_date = {{ month_end('calendar.calendar_date') }}

)

select month_end, month_end as candidate_date from month_ends

union

select month_end, grace_end as candidate_date from month_ends
