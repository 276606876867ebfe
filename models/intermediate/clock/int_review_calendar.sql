-- One row per review up to the as-of date: month ends whose month number is a multiple of the months between reviews.
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

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit as months_back

    from digits as ones
    cross join digits as tens
    cross join digits as hundreds

),

clock as (

    -- The first day after the last month end on or before the as-of date.
    select cast(date_trunc('month', {{ add_days('as_of_date', 1) }}) as date) as next_month

    from {{ ref('int_as_of_date') }}

),

month_ends as (

    select {{ add_days(add_months('clock.next_month', '-numbers.months_back'), -1) }} as month_end

    from clock
    cross join numbers

)

select
    month_ends.month_end as review_date,
    {{ month_number('month_ends.month_end') }} as month_number,
    lag({{ month_number('month_ends.month_end') }}) over (order by month_ends.month_end) as previous_month_number

from month_ends
inner join {{ ref('policy_review_calendar') }} as policy
    on {{ in_force('policy', 'month_ends.month_end') }}

where cast(extract(month from month_ends.month_end) as integer) % policy.months_between_reviews = 0
