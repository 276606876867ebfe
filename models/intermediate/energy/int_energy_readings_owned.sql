-- One row per reading, version and customer it belongs to: that of the row, else of its contract in the version known then.

with

readings as (

    select * from {{ ref('int_energy_readings_measured') }}

),

owned as (

    select
        readings.*,
        readings.customer_key as owner_key

    from readings

    where readings.customer_key is not null

    union all

    select
        readings.meter_id,
        readings.customer_key,
        readings.contract_id,
        readings.granularity,
        readings.tariff_code,
        readings.kwh,
        readings.peak_kwh,
        readings.flat_kwh,
        readings.valley_kwh,
        readings.start_date,
        readings.end_date,
        readings.period_start,
        greatest(readings.seen_from, contracts.seen_from) as seen_from,
        least(readings.seen_until, contracts.seen_until) as seen_until,
        contracts.customer_key as owner_key

    from readings
    inner join {{ ref('int_contracts_versioned') }} as contracts
        on readings.contract_id = contracts.contract_id

    where readings.customer_key is null and contracts.seen_from is not null

)

select
    owner_key as customer_key,
    meter_id,
    granularity,
    tariff_code,
    kwh,
    peak_kwh,
    flat_kwh,
    valley_kwh,
    case when granularity = 'hour' then {{ business_hour('period_start') }} end as hour_of_day,
    {{ days_between("date '1990-01-01'", 'start_date') }} % 7 >= 5 as is_weekend,
    {{ month_number('start_date') }} as month_number,
    start_date,
    end_date,
    period_start,
    seen_from,
    seen_until

from owned

where seen_until is null or seen_from < seen_until
