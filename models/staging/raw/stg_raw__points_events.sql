-- One row per landed line of points events: text made typed, nothing judged.
{% set columns = [
    'event_id', 'customer_id', 'event_type', 'points', 'direction', 'original_event_id', 'event_at', 'partner_id', 'reason', 'approved_by',
    'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'points_events') }}

),

typed as (

    select
        _file,
        _line,
        event_id,
        customer_id,
        original_event_id,
        partner_id,
        reason,
        approved_by,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('event_type', 'points_event_type') }} as event_type,
        {{ parse_number('points', 'decimal(18, 3)') }} as points,
        {{ parse_code('direction', 'direction') }} as direction,
        direction as direction_text,
        {{ parse_timestamp('event_at') }} as event_at,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
