-- One row per knowledge date and month of 30 days after it: what a unit of money or of time in that month counts for in each figure.

with

months as (

    select {{ days_between("date '1990-01-01'", 'calendar_date') }} as month_ahead

    from {{ ref('int_calendar') }}

    where calendar_date between date '1990-01-02' and date '1990-02-07'

)

select
    policy.as_of_date,
    months.month_ahead,
    30 * months.month_ahead as days_ahead,
    case when months.month_ahead <= 12 then exp(-months.month_ahead / 12e0 * ln(1 + policy.discount_rate)) else 0 end as value_12m,
    case when months.month_ahead <= 36 then exp(-months.month_ahead / 12e0 * ln(1 + policy.discount_rate)) else 0 end as value_36m,
    {%- for days in [30, 90, 365] %}
    least(greatest({{ days }} - 30 * (months.month_ahead - 1), 0), 30) as days_in_{{ days }}d,
    {%- endfor %}
    coalesce(least(greatest(policy.backtest_days - 30 * (months.month_ahead - 1), 0), 30), 0) as days_in_backtest

from {{ ref('int_clv_policy_in_force') }} as policy
cross join months
