-- One row per landed complaint, suggestion, praise or inquiry line: text made typed, nothing judged.
{% set columns = [
    'complaint_id', 'customer_id', 'feedback_type', 'category', 'sub_category', 'lob', 'severity', 'channel', 'created_at',
    'first_response_at', 'resolved_at', 'closed_at', 'status', 'incident_id', 'adopted', 'closure_rating', 'compensation_amount',
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

    from {{ source('raw', 'complaints') }}

),

typed as (

    select
        _file,
        _line,
        complaint_id,
        customer_id,
        category,
        sub_category,
        channel,
        incident_id,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('feedback_type', 'feedback_type') }} as feedback_type,
        feedback_type as feedback_type_text,
        {{ parse_code('lob', 'lob') }} as lob,
        lob as lob_text,
        {{ parse_code('severity', 'severity') }} as severity,
        severity as severity_text,
        {{ parse_code('status', 'complaint_status') }} as status,
        status as status_text,
        {{ parse_number('closure_rating', 'integer') }} as closure_rating,
        closure_rating as closure_rating_text,
        {{ parse_money('compensation_amount') }} as compensation_amount,
        compensation_amount as compensation_amount_text,
        {{ parse_boolean('adopted') }} as is_adopted,
        adopted as is_adopted_text,
        {{ parse_timestamp('created_at') }} as created_at,
        {{ parse_timestamp('first_response_at') }} as first_response_at,
        first_response_at as first_response_at_text,
        {{ parse_timestamp('resolved_at') }} as resolved_at,
        resolved_at as resolved_at_text,
        {{ parse_timestamp('closed_at') }} as closed_at,
        closed_at as closed_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
