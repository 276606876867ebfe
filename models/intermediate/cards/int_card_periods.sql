-- One row per path and day looked at: the period its facts are counted in, and for how long the account has been one.

with

members as (

    select
        days.path_key,
        days.candidate_date,
        days.is_step,
        min(customers.member_since) as member_since

    from {{ ref('int_card_days') }} as days
    inner join {{ ref('int_card_path_customers') }} as customers
        on days.path_key = customers.path_key and customers.counts_from <= days.candidate_date

    group by days.path_key, days.candidate_date, days.is_step

),

anniversaries as (

    select
        members.*,
        {{ month_number('candidate_date') }} - {{ month_number('member_since') }} as month_count,
        cast(extract(year from candidate_date) - extract(year from member_since) as integer) as year_count

    from members

),

periods as (

    select
        anniversaries.path_key,
        anniversaries.candidate_date,
        anniversaries.is_step,
        anniversaries.month_count - case
            when {{ add_months('anniversaries.member_since', 'cast(anniversaries.month_count as integer)') }} > anniversaries.candidate_date
                then 1
            else 0
        end as tenure_months,
        {{ add_days('anniversaries.member_since', '-points.backfill_days') }} as lifetime_from,
        case program.period_type
            when 'rolling' then {{ add_days(add_months('anniversaries.candidate_date', '-program.period_months'), 1) }}
            when 'calendar_year' then cast(date_trunc('year', anniversaries.candidate_date) as date)
            when 'anniversary' then {{ add_months(
                'anniversaries.member_since',
                '12 * (anniversaries.year_count - case when '
                ~ add_months('anniversaries.member_since', '12 * anniversaries.year_count')
                ~ ' > anniversaries.candidate_date then 1 else 0 end)'
            ) }}
        end as period_start

    from anniversaries
    left join {{ ref('policy_points_program') }} as points
        on {{ in_force('points', 'anniversaries.candidate_date') }}
    left join {{ ref('policy_card_program') }} as program
        on {{ in_force('program', 'anniversaries.candidate_date') }}

)

select
    path_key,
    candidate_date,
    is_step,
    tenure_months,
    lifetime_from,
    greatest(coalesce(period_start, lifetime_from), lifetime_from) as period_from

from periods
