-- One row per path and day looked at with value in its period: net spend, homes by the days of their recognition that lie in it.
-- Equal lengths are added up before they are divided, so that the result does not depend on how sales were split into rows.

with

postings as (

    select
        customers.path_key,
        greatest(postings.known_on, customers.counts_from) as seen_on,
        postings.value_date,
        case
            when postings.lob = 'property_sale' then {{ add_months('postings.value_date', 'lobs.recognition_months') }}
            else {{ add_days('postings.value_date', 1) }}
        end as recognised_until,
        sum(postings.net_amount) as net_amount

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_value_postings') }} as postings
        on customers.customer_key = postings.customer_key
    inner join {{ ref('policy_lobs') }} as lobs
        on postings.lob = lobs.lob and {{ in_force('lobs', 'postings.value_date') }}

    group by
        customers.path_key,
        greatest(postings.known_on, customers.counts_from),
        postings.value_date,
        case
            when postings.lob = 'property_sale' then {{ add_months('postings.value_date', 'lobs.recognition_months') }}
            else {{ add_days('postings.value_date', 1) }}
        end

),

spread as (

    select
        periods.path_key,
        periods.candidate_date,
        {{ days_between('postings.value_date', 'postings.recognised_until') }} as recognition_days,
        sum(
            cast(postings.net_amount as decimal(24, 2)) * {{ days_between(
                'greatest(postings.value_date, periods.period_from)',
                'least(postings.recognised_until, ' ~ add_days('periods.candidate_date', 1) ~ ')'
            ) }}
        ) as weighted_amount

    from {{ ref('int_card_periods') }} as periods
    inner join postings
        on
            periods.path_key = postings.path_key
            and postings.seen_on <= periods.candidate_date
            and postings.value_date <= periods.candidate_date
            and periods.period_from < postings.recognised_until

    group by
        periods.path_key,
        periods.candidate_date,
        {{ days_between('postings.value_date', 'postings.recognised_until') }}

)

select
    path_key,
    candidate_date,
    cast(
        sum(
            case
                when recognition_days = 1 then cast(weighted_amount as decimal(18, 4))
                else {{ ratio('weighted_amount', 'recognition_days', 4, decimals=2) }}
            end
        ) as decimal(18, 4)
    ) as net_spend

from spread

group by path_key, candidate_date
