-- One row per landed referral line: text made typed, nothing judged.
{% set columns = [
    'referral_id', 'referrer_customer_id', 'referee_customer_id', 'referee_contact_hash', 'referred_at', 'lob', 'project_id', 'claimed_by',
    'status', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'referrals') }}

),

typed as (

    select
        _file,
        _line,
        referral_id,
        referrer_customer_id,
        referee_customer_id,
        referee_contact_hash,
        project_id,
        claimed_by,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('lob', 'lob') }} as lob,
        lob as lob_text,
        {{ parse_code('status', 'referral_status') }} as status,
        status as status_text,
        {{ parse_timestamp('referred_at') }} as referred_at,
        referred_at as referred_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
