-- One row per knowledge date from which a backtest predicts, customer and line: the contribution that came until the review that compares;
-- and what the naive prediction rests on, the contribution after the first day and the days since then.

select
    dates.as_of_date,
    days.customer_key,
    days.lob,
    {{ days_between('past.first_value_date', 'dates.as_of_date') }} as age_days,
    cast(
        sum(
            case
                when days.seen_from <= dates.as_of_date and days.value_date > past.first_value_date then days.contribution_amount
                else 0
            end
        ) as decimal(18, 2)
    ) as repeat_contribution,
    cast(
        sum(
            case
                when days.value_date > dates.as_of_date and days.value_date <= dates.backtest_until then days.contribution_amount
                else 0
            end
        ) as decimal(18, 2)
    ) as actual_contribution

from {{ ref('int_customer_line_days') }} as days
inner join {{ ref('int_knowledge_dates') }} as dates
    on days.seen_from <= dates.backtest_until
left join {{ ref('int_clv_past') }} as past
    on dates.as_of_date = past.as_of_date and days.customer_key = past.customer_key and days.lob = past.lob

group by dates.as_of_date, days.customer_key, days.lob, past.first_value_date
