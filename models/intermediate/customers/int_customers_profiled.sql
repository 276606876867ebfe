-- One row per customer: the profile known at the as-of date (the first version, where none is known yet).

with

ranked as (

    select
        versions.*,
        row_number() over (
            partition by versions.customer_key
            order by
                case when versions.seen_from is null then 1 else 0 end,
                case when versions.seen_from is null then versions.version_number else -versions.version_number end
        ) as profile_rank

    from {{ ref('int_customers_versioned') }} as versions

)

select
    customer_key,
    customer_type,
    status,
    gender,
    occupation,
    income_band,
    family_status,
    city,
    district,
    address_area_band,
    account_manager_id,
    preferred_language,
    preferred_channel,
    has_profiling_consent,
    has_marketing_consent,
    birth_date,
    member_since,
    created_at

from ranked

where profile_rank = 1
