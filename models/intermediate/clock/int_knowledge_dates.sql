-- One row per date whose knowledge is asked for: every review, and the date before it from which its backtest predicts.

with

reviews as (

    select
        review_dates.as_of_date,
        review_dates.first_sale_date,
        {{ add_months('review_dates.as_of_date', '-policy.backtest_months') }} as backtest_from

    from {{ ref('int_review_dates') }} as review_dates
    left join {{ ref('policy_clv') }} as policy
        on {{ in_force('policy', 'review_dates.as_of_date') }}

),

dates as (

    select as_of_date from reviews

    union

    select backtest_from as as_of_date from reviews

    where backtest_from >= first_sale_date

)

select
    dates.as_of_date,
    lag(dates.as_of_date) over (order by dates.as_of_date) as previous_as_of_date,
    lead(dates.as_of_date) over (order by dates.as_of_date) as next_as_of_date,
    -- Two reviews share a start only when the policy changes its months between them: the earlier one is tested.
    min(backtests.as_of_date) as backtest_until,
    bool_or(dates.as_of_date = reviews.as_of_date) as is_review

from dates
cross join reviews
left join reviews as backtests
    on dates.as_of_date = backtests.backtest_from

group by dates.as_of_date
