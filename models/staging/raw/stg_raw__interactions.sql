-- One row per landed interaction line: text made typed, nothing judged.
{% set columns = [
    'interaction_id', 'customer_id', 'anonymous_id', 'event_type', 'event_at', 'channel', 'project_id', 'venue_id', 'duration_s', 'value',
    'campaign_id', 'sales_person_id', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'interactions') }}

),

typed as (

    select
        _file,
        _line,
        interaction_id,
        customer_id,
        anonymous_id,
        channel,
        project_id,
        venue_id,
        value as interaction_value,
        campaign_id,
        sales_person_id,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('event_type', 'interaction_type') }} as event_type,
        event_type as event_type_text,
        {{ parse_number('duration_s', 'decimal(18, 3)') }} as duration_s,
        duration_s as duration_s_text,
        {{ parse_timestamp('event_at') }} as event_at,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
