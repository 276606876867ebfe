-- One row per review date, customer and month of the last twelve with readings: its use, and that of the same month a year before.

with

seen as (

    select
        policy.as_of_date,
        policy.min_months,
        policy.vacant_kwh,
        policy.gap_days,
        months.*

    from {{ ref('int_energy_months') }} as months
    inner join {{ ref('int_energy_policy_in_force') }} as policy
        on
            months.seen_from <= policy.as_of_date
            and (months.seen_until is null or policy.as_of_date < months.seen_until)
            and months.month_number between policy.last_month_number - 11 and policy.last_month_number

)

select
    seen.as_of_date,
    seen.customer_key,
    seen.month_number,
    -- 1 January to 12 December: month numbers of Decembers are multiples of 12.
    cast((seen.month_number + 11) % 12 + 1 as integer) as calendar_month,
    seen.min_months,
    seen.vacant_kwh,
    seen.kwh,
    seen.greatest_gap_hours <= 24 * seen.gap_days as is_valid,
    case when years_before.greatest_gap_hours <= 24 * seen.gap_days then years_before.kwh end as kwh_year_before,
    seen.peak_kwh,
    seen.valley_kwh,
    seen.parts_kwh,
    seen.hour_count,
    seen.hourly_kwh,
    seen.night_kwh,
    seen.interval_kwh,
    seen.weekend_kwh

from seen
left join {{ ref('int_energy_months') }} as years_before
    on
        seen.customer_key = years_before.customer_key
        and seen.month_number - 12 = years_before.month_number
        and years_before.seen_from <= seen.as_of_date
        and (years_before.seen_until is null or seen.as_of_date < years_before.seen_until)
