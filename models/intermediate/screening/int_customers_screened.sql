-- One row per landed customer line: repairs made, and its fate (accepted, rejected or duplicate) with the rule.

with

customers as (

    select
        stg_customers.*,
        row_number() over (
            partition by stg_customers.customer_id, stg_customers.row_hash
            order by stg_customers._file, stg_customers._line
        ) as copy_number,
        min(stg_customers.row_hash) over (partition by stg_customers.customer_id)
        <> max(stg_customers.row_hash) over (partition by stg_customers.customer_id) as is_conflict,
        clock.as_of_date

    from {{ ref('stg_raw__customers') }} as stg_customers
    cross join {{ ref('int_as_of_date') }} as clock

),

judged as (

    select
        customers.*,
        birth_date is null
        or birth_date < date '1900-01-01'
        or birth_date > as_of_date
        or {{ add_months('birth_date', 1440) }} < as_of_date as has_no_birth_date,
        {{ matches(replace_all('phone', '[ ().-]', ''), '^([+][1-9][0-9]{6,14}|([+]?86)?1[3-9][0-9]{9})$') }} as is_phone,
        {{ matches('email', '^[^@ ]+@[^@ ]+[.][^@ ]+$') }} as is_email,
        {{ first_broken_rule({
            'customer_id_missing': 'customer_id is null',
            'id_too_long': 'length(customer_id) > 64',
            'plain_id_number': matches('id_number_hash', '^[0-9]{17}[0-9Xx]$'),
            'customer_type_unknown': 'customer_type is null and customer_type_text is not null',
            'status_unknown': 'status is null and status_text is not null',
        }) }} as rejected_by

    from customers

)

select
    _file,
    _line,
    customer_id,
    source_system,
    customer_type,
    status,
    display_name,
    case when is_phone then phone end as phone,
    case when is_email then email end as email,
    id_number_hash,
    case when not has_no_birth_date then birth_date end as birth_date,
    gender,
    occupation,
    income_band,
    family_status,
    city,
    district,
    address_area_band,
    interests,
    account_manager_id,
    preferred_language,
    preferred_channel,
    -- What cannot be read is no consent.
    case when profiling_consent_text is not null then coalesce(has_profiling_consent, false) else has_profiling_consent end
        as has_profiling_consent,
    case when marketing_consent_text is not null then coalesce(has_marketing_consent, false) else has_marketing_consent end
        as has_marketing_consent,
    case when member_since <= as_of_date then member_since end as member_since,
    created_at,
    updated_at,
    recorded_at,
    coalesce(recorded_at, updated_at, created_at) as version_at,
    case
        when customer_id is not null and copy_number > 1 then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'birth_date_invalid': 'birth_date_text is not null and has_no_birth_date',
        'member_since_future': 'member_since > as_of_date',
        'phone_invalid': 'phone is not null and not is_phone',
        'email_invalid': 'email is not null and not is_email',
        'gender_unknown': 'gender is null and gender_text is not null',
        'income_band_unknown': 'income_band is null and income_band_text is not null',
        'family_status_unknown': 'family_status is null and family_status_text is not null',
        'consent_unknown': '(has_profiling_consent is null and profiling_consent_text is not null) '
            ~ 'or (has_marketing_consent is null and marketing_consent_text is not null)',
        'created_after_updated': 'created_at > updated_at',
        'text_decoded_wrongly': "display_name like '%\ufffd%'",
        'customer_conflict': 'is_conflict and copy_number = 1',
        'value_unreadable': any_unreadable([
            'member_since', 'created_at', 'updated_at', 'recorded_at', 'preferred_language', 'preferred_channel'
        ]),
    }) }} as noted_rules

from judged
