-- One row per knowledge date and number of days ahead that purchases are expected for: what these purchases count for in each figure.
-- Money of a month is the difference between two ends of months; added up by end, an end counts by the fall of the discount after it.

with

horizons as (

    select
        months.as_of_date,
        months.days_ahead,
        months.value_12m - coalesce(lead(months.value_12m) over (partition by months.as_of_date order by months.days_ahead), 0)
            as weight_12m,
        months.value_36m - coalesce(lead(months.value_36m) over (partition by months.as_of_date order by months.days_ahead), 0)
            as weight_36m,
        0 as weight_30d,
        0 as weight_90d,
        0 as weight_365d,
        0 as weight_backtest

    from {{ ref('int_clv_months') }} as months
    inner join {{ ref('int_review_dates') }} as review_dates
        on months.as_of_date = review_dates.as_of_date

    {%- for days in [30, 90, 365] %}

    union all

    select
        as_of_date,
        {{ days }} as days_ahead,
        0 as weight_12m,
        0 as weight_36m,
        {{ 1 if days == 30 else 0 }} as weight_30d,
        {{ 1 if days == 90 else 0 }} as weight_90d,
        {{ 1 if days == 365 else 0 }} as weight_365d,
        0 as weight_backtest

    from {{ ref('int_review_dates') }}
    {%- endfor %}

    union all

    select
        as_of_date,
        backtest_days as days_ahead,
        0 as weight_12m,
        0 as weight_36m,
        0 as weight_30d,
        0 as weight_90d,
        0 as weight_365d,
        1 as weight_backtest

    from {{ ref('int_clv_policy_in_force') }}

    where backtest_days is not null

)

select
    as_of_date,
    days_ahead,
    sum(weight_12m) as weight_12m,
    sum(weight_36m) as weight_36m,
    max(weight_30d) as weight_30d,
    max(weight_90d) as weight_90d,
    max(weight_365d) as weight_365d,
    max(weight_backtest) as weight_backtest

from horizons

group by as_of_date, days_ahead

-- Not the months after the last one that counts.
having sum(weight_36m) > 0 or max(weight_30d + weight_90d + weight_365d + weight_backtest) > 0
