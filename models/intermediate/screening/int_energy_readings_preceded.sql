-- One row per meter and period, in the version recorded last, beside the period before it.

with

versions as (

    select
        _file,
        _line,
        meter_id,
        starts_at,
        reading_value,
        start_date,
        end_date,
        row_number() over (
            partition by meter_id, starts_at order by recorded_at desc nulls last, _file desc, _line desc
        ) as version_rank

    from {{ ref('int_energy_readings_dated') }}

    where broken_rule is null and copy_number = 1

)

select
    _file,
    _line,
    lag(reading_value) over (partition by meter_id order by starts_at) as reading_before,
    -- Days between the two periods; below 0 where they share some.
    {{ days_between('lag(end_date) over (partition by meter_id order by starts_at)', 'start_date') }} - 1 as gap_days

from versions

where version_rank = 1
