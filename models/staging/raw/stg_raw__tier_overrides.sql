-- One row per landed line of a request to set a tier by hand: text made typed, nothing judged.
{% set columns = [
    'override_id', 'customer_id', 'axis', 'kind', 'tier', 'reason_code', 'reason_text', 'requested_by', 'requested_at', 'approved_by',
    'approved_at', 'valid_from', 'valid_to', 'revoked_at', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'tier_overrides') }}

),

typed as (

    select
        _file,
        _line,
        override_id,
        customer_id,
        reason_text,
        requested_by,
        approved_by,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        lower(reason_code) as reason_code,
        {{ parse_code('axis', 'override_axis') }} as axis,
        axis as axis_text,
        {{ parse_code('kind', 'override_kind') }} as kind,
        kind as kind_text,
        {{ parse_code('tier', 'override_tier') }} as tier,
        tier as tier_text,
        {{ parse_date('valid_from') }} as valid_from,
        valid_from as valid_from_text,
        {{ parse_date('valid_to') }} as valid_to,
        valid_to as valid_to_text,
        {{ parse_timestamp('requested_at') }} as requested_at,
        requested_at as requested_at_text,
        {{ parse_timestamp('approved_at') }} as approved_at,
        approved_at as approved_at_text,
        {{ parse_timestamp('revoked_at') }} as revoked_at,
        revoked_at as revoked_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
