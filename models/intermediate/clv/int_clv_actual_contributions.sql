-- One row per knowledge date from which a backtest predicts, customer and line with a value known then: the contribution after the first
-- day until then, on which the naive prediction rests, and the contribution that came until the review that compares.

select
    past.as_of_date,
    past.customer_key,
    past.lob,
    {{ days_between('past.first_value_date', 'past.as_of_date') }} as age_days,
    cast(
        sum(
            case
                when days.seen_from <= past.as_of_date and days.value_date > past.first_value_date then days.contribution_amount
                else 0
            end
        ) as decimal(18, 2)
    ) as repeat_contribution,
    cast(
        sum(
            case when days.value_date > past.as_of_date and days.value_date <= dates.backtest_until then days.contribution_amount else 0 end
        ) as decimal(18, 2)
    ) as actual_contribution

from {{ ref('int_clv_past') }} as past
inner join {{ ref('int_knowledge_dates') }} as dates
    on past.as_of_date = dates.as_of_date
inner join {{ ref('int_customer_line_days') }} as days
    on past.customer_key = days.customer_key and past.lob = days.lob and days.seen_from <= dates.backtest_until

group by past.as_of_date, past.customer_key, past.lob, past.first_value_date
