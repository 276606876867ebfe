-- One row per review date and graded customer who holds a line: value of the last 365 days and of the 365 days before.
-- Value that was spread over years and has run off is left out of both: a home paid for long ago is no fall.

with

numbers as (

    select 0 as window_number

    union all

    select 1 as window_number

),

windows as (

    select
        policy.as_of_date,
        numbers.window_number,
        {{ add_days('policy.as_of_date', '-364 - 365 * numbers.window_number') }} as first_day,
        {{ add_days('policy.as_of_date', '-365 * numbers.window_number') }} as last_day,
        policy.exclude_run_off

    from {{ ref('int_lifecycle_policy_in_force') }} as policy
    cross join numbers

),

lengths as (

    {{ recognised_lengths(
        ref('int_customer_line_days'), 'windows',
        where='not (windows.exclude_run_off and days.recognised_until > ' ~ add_months('days.value_date', 1)
            ~ ' and days.recognised_until <= ' ~ add_days('windows.as_of_date', 1) ~ ')'
    ) }}

),

line_values as (

    select
        as_of_date,
        window_number,
        customer_key,
        lob,
        {{ recognised_amount() }} as line_value

    from lengths

    group by as_of_date, window_number, customer_key, lob

)

select
    held.as_of_date,
    held.customer_key,
    cast(coalesce(sum(case when line_values.window_number = 0 then line_values.line_value end), 0) as decimal(18, 2)) as value_12m,
    cast(coalesce(sum(case when line_values.window_number = 1 then line_values.line_value end), 0) as decimal(18, 2))
        as value_previous_12m

from {{ ref('int_customer_lines_held') }} as held
left join line_values
    on held.as_of_date = line_values.as_of_date and held.customer_key = line_values.customer_key and held.lob = line_values.lob

group by held.as_of_date, held.customer_key
