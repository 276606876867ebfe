-- One row per landed customer line: text made typed, nothing judged. A value that could not be read is null beside its text.
{% set columns = [
    'customer_id', 'customer_type', 'display_name', 'phone', 'email', 'id_number_hash', 'birth_date', 'birth_md', 'gender', 'occupation',
    'income_band', 'family_status', 'city', 'district', 'address_area_band', 'interests', 'member_since', 'status', 'account_manager_id',
    'profiling_consent', 'marketing_consent', 'preferred_language', 'preferred_channel', 'created_at', 'updated_at', 'source_system',
    'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'customers') }}

),

typed as (

    select
        _file,
        _line,
        customer_id,
        display_name,
        phone,
        email,
        id_number_hash,
        birth_md,
        occupation,
        city,
        district,
        address_area_band,
        interests,
        account_manager_id,
        source_system,
        {{ parse_code('customer_type', 'customer_type') }} as customer_type,
        customer_type as customer_type_text,
        {{ parse_code('status', 'customer_status') }} as status,
        status as status_text,
        {{ parse_code('gender', 'gender') }} as gender,
        gender as gender_text,
        {{ parse_code('income_band', 'income_band') }} as income_band,
        income_band as income_band_text,
        {{ parse_code('family_status', 'family_status') }} as family_status,
        family_status as family_status_text,
        {{ parse_code('preferred_language', 'language') }} as preferred_language,
        preferred_language as preferred_language_text,
        {{ parse_code('preferred_channel', 'contact_channel') }} as preferred_channel,
        preferred_channel as preferred_channel_text,
        {{ parse_boolean('profiling_consent') }} as has_profiling_consent,
        profiling_consent as profiling_consent_text,
        {{ parse_boolean('marketing_consent') }} as has_marketing_consent,
        marketing_consent as marketing_consent_text,
        {{ parse_date('birth_date') }} as birth_date,
        birth_date as birth_date_text,
        {{ parse_date('member_since') }} as member_since,
        member_since as member_since_text,
        {{ parse_timestamp('created_at') }} as created_at,
        created_at as created_at_text,
        {{ parse_timestamp('updated_at') }} as updated_at,
        updated_at as updated_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        {{ row_hash(columns) }} as row_hash

    from landed

)

select * from typed
