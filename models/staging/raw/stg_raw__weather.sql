-- One row per landed weather line: text made typed, nothing judged.
{% set columns = ['city', 'date', 'hdd', 'cdd', 'source_system', 'recorded_at'] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'weather') }}

),

typed as (

    select
        _file,
        _line,
        city,
        source_system,
        {{ parse_number('hdd', 'decimal(9, 2)') }} as hdd,
        hdd as hdd_text,
        {{ parse_number('cdd', 'decimal(9, 2)') }} as cdd,
        cdd as cdd_text,
        {{ parse_date('date') }} as weather_date,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        {{ row_hash(columns) }} as row_hash

    from landed

)

select * from typed
