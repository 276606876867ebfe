-- One row per graded date and customer whose energy use rose since the review before: the months to a month end beside a year before.

with

month_ends as (

    select
        dates.as_of_date,
        {{ month_number('calendar.calendar_date') }} as month_number

    from {{ ref('int_review_dates') }} as dates
    inner join {{ ref('int_calendar') }} as calendar
        on dates.previous_as_of_date < calendar.calendar_date and calendar.calendar_date <= dates.as_of_date

    where extract(day from {{ add_days('calendar.calendar_date', 1) }}) = 1

),

spans as (

    select
        month_ends.as_of_date,
        months.customer_key,
        month_ends.month_number,
        policy.energy_rise_months,
        policy.energy_rise_ratio,
        policy.energy_rise_min_kwh,
        months.kwh,
        months.month_number > month_ends.month_number - policy.energy_rise_months as is_now,
        months.month_number <= month_ends.month_number - 12 as is_year_before

    from month_ends
    inner join {{ ref('int_tier_policy_in_force') }} as policy
        on month_ends.as_of_date = policy.as_of_date
    inner join {{ ref('int_energy_policy_in_force') }} as energy_policy
        on month_ends.as_of_date = energy_policy.as_of_date
    inner join {{ ref('int_energy_months') }} as months
        on
            months.month_number > month_ends.month_number - 12 - policy.energy_rise_months
            and months.month_number <= month_ends.month_number
            and months.seen_from <= month_ends.as_of_date
            and (months.seen_until is null or month_ends.as_of_date < months.seen_until)
            and months.greatest_gap_hours <= 24 * energy_policy.gap_days

),

compared as (

    select
        as_of_date,
        customer_key,
        month_number,
        energy_rise_months,
        energy_rise_ratio,
        energy_rise_min_kwh,
        sum(case when is_now then 1 else 0 end) as months_now,
        sum(case when is_year_before then 1 else 0 end) as months_before,
        cast(sum(case when is_now then kwh else 0 end) as decimal(24, 3)) as kwh_now,
        cast(sum(case when is_year_before then kwh else 0 end) as decimal(24, 3)) as kwh_before

    from spans

    group by as_of_date, customer_key, month_number, energy_rise_months, energy_rise_ratio, energy_rise_min_kwh

)

select
    as_of_date,
    customer_key,
    max(month_number) as last_month_number

from compared

where
    months_now = energy_rise_months
    and months_before = energy_rise_months
    and kwh_before > 0
    and kwh_now >= energy_rise_min_kwh
    and kwh_now >= energy_rise_ratio * kwh_before

group by as_of_date, customer_key
