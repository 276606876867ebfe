-- One row per account and stretch of time in which its customer was known to be closed or deceased.

with

versions as (

    select
        versions.customer_key as account_key,
        versions.version_number,
        coalesce(versions.known_on, date '1990-01-01') as known_on,
        coalesce(versions.status, 'active') in ('closed', 'deceased') as is_closed

    from {{ ref('int_customers_versioned') }} as versions
    cross join {{ ref('int_as_of_date') }} as clock

    where
        coalesce(versions.known_on, date '1990-01-01') <= clock.as_of_date
        and versions.customer_key in (select accounts.account_key from {{ ref('int_accounts') }} as accounts)

),

-- Of the versions of a day the last one holds.
days as (

    select
        account_key,
        known_on,
        is_closed,
        lag(is_closed) over (partition by account_key order by known_on) as was_closed

    from (
        select
            versions.*,
            row_number() over (partition by account_key, known_on order by version_number desc) as version_rank

        from versions
    ) as ranked

    where version_rank = 1

),

changes as (

    select
        account_key,
        known_on,
        is_closed,
        lead(known_on) over (partition by account_key order by known_on) as next_change_on

    from days

    where is_closed is distinct from coalesce(was_closed, false)

)

select
    account_key,
    known_on as closed_on,
    next_change_on as reopened_on

from changes

where is_closed
