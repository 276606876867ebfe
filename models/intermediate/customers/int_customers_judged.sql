-- One row per knowledge date and customer known by then: who is graded, and why not.

with

reviews as (

    select
        dates.as_of_date,
        customers.customer_key,
        customers.customer_id

    from {{ ref('int_customers_known') }} as customers
    inner join {{ ref('int_knowledge_dates') }} as dates
        on customers.seen_from <= dates.as_of_date

),

described as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        reviews.customer_id,
        coalesce(versions.customer_type, first_versions.customer_type, 'person') as customer_type,
        coalesce(versions.has_marketing_consent, false) as has_marketing_consent,
        case
            when versions.status in ('test', 'staff', 'deceased', 'closed') then versions.status
            when not versions.has_profiling_consent then 'profiling_consent_withdrawn'
        end as exclusion_reason

    from reviews
    left join {{ ref('int_customers_versioned') }} as versions
        on
            reviews.customer_key = versions.customer_key
            and versions.seen_from <= reviews.as_of_date
            and (versions.seen_until is null or reviews.as_of_date < versions.seen_until)
    left join {{ ref('int_customers_versioned') }} as first_versions
        on reviews.customer_key = first_versions.customer_key and first_versions.version_number = 1

)

select
    as_of_date,
    customer_key,
    customer_id,
    customer_type,
    exclusion_reason,
    has_marketing_consent,
    exclusion_reason is null as is_scoreable

from described
