-- One row per version of a reading and of the register reading it is counted from: its kWh, null where there is nothing to count from.

with

versions as (

    select * from {{ ref('int_energy_readings_versioned') }}

),

counted as (

    select
        versions.*,
        coalesce(versions.consumption, versions.reading_value) as amount

    from versions

    where versions.consumption is not null or versions.is_meter_replaced

    union all

    select
        versions.meter_id,
        versions.customer_key,
        versions.contract_id,
        versions.granularity,
        versions.tariff_code,
        versions.reading_value,
        versions.consumption,
        versions.kwh_per_unit,
        versions.peak_kwh,
        versions.flat_kwh,
        versions.valley_kwh,
        versions.is_meter_replaced,
        versions.start_date,
        versions.end_date,
        versions.period_start,
        greatest(versions.seen_from, preceded.seen_from, earlier.seen_from) as seen_from,
        least(versions.seen_until, preceded.seen_until, earlier.seen_until) as seen_until,
        case when versions.reading_value >= earlier.reading_value then versions.reading_value - earlier.reading_value end as amount

    from versions
    inner join {{ ref('int_energy_registers_preceded') }} as preceded
        on versions.meter_id = preceded.meter_id and versions.period_start = preceded.period_start
    left join versions as earlier
        on preceded.meter_id = earlier.meter_id and preceded.period_before = earlier.period_start

    where versions.consumption is null and not versions.is_meter_replaced

)

select
    meter_id,
    customer_key,
    contract_id,
    granularity,
    tariff_code,
    cast(cast(amount as decimal(28, 6)) * kwh_per_unit as decimal(18, 3)) as kwh,
    peak_kwh,
    flat_kwh,
    valley_kwh,
    start_date,
    end_date,
    period_start,
    seen_from,
    seen_until

from counted

where seen_until is null or seen_from < seen_until
