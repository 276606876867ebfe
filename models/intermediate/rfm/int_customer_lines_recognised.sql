-- One row per review date, customer and line with value in the last 365 days: recognised contribution and net spend.
-- A contribution is spread over the line's recognition months and counts by the days that lie in the window. Equal lengths are
-- added up before they are divided, so that the result does not depend on how sales were split into rows.

with

spread_days as (

    select
        review_dates.as_of_date,
        days.customer_key,
        days.lob,
        days.net_amount,
        days.contribution_amount,
        days.value_date,
        {{ days_between('days.value_date', 'days.recognised_until') }} as recognition_days,
        {{ days_between(
            'greatest(days.value_date, ' ~ add_days('review_dates.as_of_date', -364) ~ ')',
            'least(days.recognised_until, ' ~ add_days('review_dates.as_of_date', 1) ~ ')'
        ) }} as overlap_days

    from {{ ref('int_customer_line_days') }} as days
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            days.seen_from <= review_dates.as_of_date
            and days.recognised_until > {{ add_days('review_dates.as_of_date', -364) }}

),

lengths as (

    select
        as_of_date,
        customer_key,
        lob,
        -- 1: wholly inside the window, nothing to divide.
        case when overlap_days = recognition_days then 1 else recognition_days end as divisor,
        sum(
            contribution_amount * case when overlap_days = recognition_days then 1 else overlap_days end
        ) as weighted_amount,
        sum(case when value_date > {{ add_days('as_of_date', -365) }} then net_amount else 0 end) as spend_amount

    from spread_days

    group by as_of_date, customer_key, lob, case when overlap_days = recognition_days then 1 else recognition_days end

)

select
    as_of_date,
    customer_key,
    lob,
    cast(
        sum(
            case
                when divisor = 1 then cast(weighted_amount as decimal(18, 4))
                else {{ ratio('weighted_amount', 'divisor', 4, decimals=2) }}
            end
        ) as decimal(18, 4)
    ) as m_value,
    cast(sum(spend_amount) as decimal(18, 2)) as spend_12m

from lengths

group by as_of_date, customer_key, lob
