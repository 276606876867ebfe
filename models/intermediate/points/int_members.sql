-- One row per member: since when, and from which day on that was known.

with

versions as (

    select
        versions.customer_key,
        versions.member_since,
        versions.status,
        coalesce(versions.known_on, date '1990-01-01') as known_on,
        row_number() over (partition by versions.customer_key order by versions.version_number desc) as version_rank

    from {{ ref('int_customers_versioned') }} as versions
    cross join {{ ref('int_as_of_date') }} as clock

    where coalesce(versions.known_on, date '1990-01-01') <= clock.as_of_date

),

first_known as (

    select
        customer_key,
        min(known_on) as known_on

    from versions

    where member_since is not null

    group by customer_key

)

select
    versions.customer_key,
    versions.member_since,
    greatest(versions.member_since, first_known.known_on) as opened_on

from versions
inner join first_known
    on versions.customer_key = first_known.customer_key
cross join {{ ref('int_as_of_date') }} as clock

where
    versions.version_rank = 1
    and versions.member_since <= clock.as_of_date
    and coalesce(versions.status, 'active') not in ('test', 'staff')
