-- One row per landed meter reading line: text made typed, nothing judged.
{% set columns = [
    'meter_id', 'period_start', 'period_end', 'customer_id', 'contract_id', 'granularity', 'reading_value', 'consumption', 'unit',
    'read_type', 'meter_replaced', 'peak_kwh', 'flat_kwh', 'valley_kwh', 'tariff_code', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'energy_readings') }}

),

typed as (

    select
        _file,
        _line,
        meter_id,
        customer_id,
        contract_id,
        tariff_code,
        source_system,
        {{ parse_code('granularity', 'granularity') }} as granularity,
        granularity as granularity_text,
        {{ parse_code('unit', 'energy_unit') }} as unit,
        unit as unit_text,
        {{ parse_code('read_type', 'read_type') }} as read_type,
        read_type as read_type_text,
        {{ parse_number('reading_value', 'decimal(15, 6)') }} as reading_value,
        reading_value as reading_value_text,
        {{ parse_number('consumption', 'decimal(15, 6)') }} as consumption,
        consumption as consumption_text,
        {{ parse_number('peak_kwh', 'decimal(15, 3)') }} as peak_kwh,
        peak_kwh as peak_kwh_text,
        {{ parse_number('flat_kwh', 'decimal(15, 3)') }} as flat_kwh,
        flat_kwh as flat_kwh_text,
        {{ parse_number('valley_kwh', 'decimal(15, 3)') }} as valley_kwh,
        valley_kwh as valley_kwh_text,
        {{ parse_boolean('meter_replaced') }} as is_meter_replaced,
        meter_replaced as is_meter_replaced_text,
        {{ parse_date('period_start') }} as period_start_date,
        period_start as period_start_date_text,
        {{ parse_date('period_end') }} as period_end_date,
        period_end as period_end_date_text,
        {{ parse_timestamp('period_start') }} as period_start,
        period_start as period_start_text,
        {{ parse_timestamp('period_end') }} as period_end,
        period_end as period_end_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        {{ row_hash(columns) }} as row_hash

    from landed

)

select * from typed
