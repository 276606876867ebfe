-- One row per day from 1990-01-01 to the as-of date, with the first knowledge date that could know what became known on that day.
{% set digits = range(10) %}

with

digits as (

    {%- for digit in digits %}
    select {{ digit }} as digit
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

numbers as (

    select
        ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit as day_number

    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

),

days as (

    select {{ add_days("date '1990-01-01'", 'day_number') }} as calendar_date

    from numbers

)

select
    days.calendar_date,
    dates.as_of_date as first_knowledge_date

from days
inner join {{ ref('int_knowledge_dates') }} as dates
    on
        days.calendar_date <= dates.as_of_date
        and (days.calendar_date > dates.previous_as_of_date or dates.previous_as_of_date is null)
