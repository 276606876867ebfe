-- One row per landed line of customer identity: text made typed, nothing judged.
{% set columns = [
    'from_customer_id', 'to_customer_id', 'link_type', 'confidence', 'valid_from', 'valid_to', 'decided_by', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'customer_identity') }}

),

typed as (

    select
        _file,
        _line,
        {{ row_hash(columns) }} as row_hash,
        from_customer_id,
        to_customer_id,
        decided_by,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('link_type', 'link_type') }} as link_type,
        {{ parse_number('confidence', 'decimal(9, 4)') }} as confidence,
        confidence as confidence_text,
        {{ parse_timestamp('valid_from') }} as valid_from,
        {{ parse_timestamp('valid_to') }} as valid_to,
        valid_to as valid_to_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
