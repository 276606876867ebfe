-- One row per landed exchange rate line: text made typed, nothing judged.
{% set columns = ['currency', 'rate_date', 'rate_to_reporting', 'source_system', 'recorded_at'] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'fx_rates') }}

),

typed as (

    select
        _file,
        _line,
        source_system,
        case upper(currency) when 'RMB' then 'CNY' else upper(currency) end as currency,
        {{ parse_number('rate_to_reporting', 'decimal(18, 8)') }} as rate_to_reporting,
        {{ parse_date('rate_date') }} as rate_date,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        {{ row_hash(columns) }} as row_hash

    from landed

)

select * from typed
