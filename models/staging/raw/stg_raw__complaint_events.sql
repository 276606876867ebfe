-- One row per landed change of status of a complaint: text made typed, nothing judged.
{% set columns = ['complaint_id', 'event_at', 'from_status', 'to_status', 'source_system', 'recorded_at'] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'complaint_events') }}

),

typed as (

    select
        _file,
        _line,
        complaint_id,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('from_status', 'complaint_status') }} as from_status,
        from_status as from_status_text,
        {{ parse_code('to_status', 'complaint_status') }} as to_status,
        {{ parse_timestamp('event_at') }} as event_at,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
