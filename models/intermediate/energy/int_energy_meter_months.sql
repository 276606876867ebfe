-- One row per customer, meter, calendar month and time it was known from and until: what its readings say about the month.

with

readings as (

    select
        owned.*,
        {{ days_between('owned.start_date', 'owned.end_date') }} + 1 as days,
        {{ month_number('owned.end_date') }} as last_month_number

    from {{ ref('int_energy_readings_owned') }} as owned

),

months as (

    select
        {{ month_number('calendar_date') }} as month_number,
        min(calendar_date) as first_day,
        max(calendar_date) as last_day

    from {{ ref('int_calendar') }}

    group by {{ month_number('calendar_date') }}

),

spread as (

    select
        readings.*,
        readings.month_number as in_month,
        readings.kwh as kwh_in_month,
        case when readings.granularity = 'hour' then 1 else 24 * readings.days end as hours_in_month

    from readings

    where readings.month_number = readings.last_month_number

    union all

    select
        readings.*,
        months.month_number as in_month,
        {{ ratio(
            'readings.kwh * (' ~ days_between(
                'greatest(readings.start_date, months.first_day)', 'least(readings.end_date, months.last_day)'
            ) ~ ' + 1)',
            'readings.days', 3, decimals=3
        ) }} as kwh_in_month,
        24 * ({{ days_between('greatest(readings.start_date, months.first_day)', 'least(readings.end_date, months.last_day)') }} + 1)
            as hours_in_month

    from readings
    inner join months
        on months.month_number between readings.month_number and readings.last_month_number

    where readings.month_number < readings.last_month_number

)

select
    customer_key,
    meter_id,
    in_month as month_number,
    cast(coalesce(sum(kwh_in_month), 0) as decimal(24, 3)) as kwh,
    -- A reading without kWh covers nothing.
    cast(coalesce(sum(case when kwh_in_month is not null then hours_in_month end), 0) as bigint) as covered_hours,
    {%- set has_all_parts = 'in_month = month_number and peak_kwh + flat_kwh + valley_kwh is not null' %}
    cast(coalesce(sum(case when {{ has_all_parts }} then peak_kwh end), 0) as decimal(24, 3)) as peak_kwh,
    cast(coalesce(sum(case when {{ has_all_parts }} then valley_kwh end), 0) as decimal(24, 3)) as valley_kwh,
    cast(coalesce(sum(case when {{ has_all_parts }} then peak_kwh + flat_kwh + valley_kwh end), 0) as decimal(24, 3)) as parts_kwh,
    cast(count(case when granularity = 'hour' then kwh end) as bigint) as hour_count,
    cast(coalesce(sum(case when granularity = 'hour' then kwh end), 0) as decimal(24, 3)) as hourly_kwh,
    cast(coalesce(sum(case when hour_of_day >= 23 or hour_of_day < 7 then kwh end), 0) as decimal(24, 3)) as night_kwh,
    {%- set is_interval = "in_month = month_number and granularity in ('hour', 'day')" %}
    cast(coalesce(sum(case when {{ is_interval }} then kwh end), 0) as decimal(24, 3)) as interval_kwh,
    cast(coalesce(sum(case when {{ is_interval }} and is_weekend then kwh end), 0) as decimal(24, 3)) as weekend_kwh,
    seen_from,
    seen_until

from spread

group by customer_key, meter_id, in_month, seen_from, seen_until
