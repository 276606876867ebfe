-- One row per knowledge date and month after it: what a unit of money or of time in that month counts for in each figure.

with

numbers as (

    select {{ days_between("date '1990-01-01'", 'calendar_date') }} as month_ahead

    from {{ ref('int_calendar') }}

    where calendar_date between date '1990-01-02' and date '1990-02-10'

),

months as (

    select
        policy.as_of_date,
        policy.backtest_days,
        policy.days_per_month,
        numbers.month_ahead,
        policy.days_per_month * numbers.month_ahead as days_ahead,
        policy.days_per_month * (numbers.month_ahead - 1) as days_before,
        exp(-numbers.month_ahead / 12e0 * ln(1 + policy.discount_rate)) as discount

    from {{ ref('int_clv_policy_in_force') }} as policy
    cross join numbers

)

select
    as_of_date,
    month_ahead,
    days_per_month,
    days_ahead,
    case when month_ahead <= 12 then discount else 0 end as value_12m,
    case when month_ahead <= 36 then discount else 0 end as value_36m,
    {%- for days in [30, 90, 365] %}
    least(greatest({{ days }} - days_before, 0), days_per_month) as days_in_{{ days }}d,
    {%- endfor %}
    coalesce(least(greatest(backtest_days - days_before, 0), days_per_month), 0) as days_in_backtest

from months
