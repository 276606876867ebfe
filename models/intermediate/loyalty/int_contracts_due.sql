-- One row per review date and contract of lease or energy that ended by plan in the last three months: did another one follow?

with

contracts as (

    select
        review_dates.as_of_date,
        contracts.contract_id,
        contracts.customer_key,
        contracts.lob,
        contracts.active_from,
        contracts.active_until,
        contracts.end_date,
        contracts.cancelled_on,
        {{ add_days('contracts.end_date', 'policy.renewal_grace_days') }} as renewable_until

    from {{ ref('int_contracts_versioned') }} as contracts
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            contracts.seen_from <= review_dates.as_of_date
            and (contracts.seen_until is null or review_dates.as_of_date < contracts.seen_until)
    inner join {{ ref('int_clv_policy_in_force') }} as policy
        on review_dates.as_of_date = policy.as_of_date

    where contracts.lob in ('lease', 'energy') and contracts.status <> 'subscribed'

)

select
    due.as_of_date,
    due.contract_id,
    due.customer_key,
    due.lob,
    bool_or(next_contracts.contract_id is not null) as is_renewed,
    due.end_date

from contracts as due
left join contracts as next_contracts
    on
        due.as_of_date = next_contracts.as_of_date
        and due.customer_key = next_contracts.customer_key
        and due.lob = next_contracts.lob
        and due.contract_id <> next_contracts.contract_id
        and next_contracts.active_from <= due.renewable_until
        and next_contracts.active_from <= coalesce(next_contracts.active_until, next_contracts.active_from)
        and (next_contracts.active_until is null or due.end_date < next_contracts.active_until)

where
    due.end_date <= due.as_of_date
    and due.end_date > {{ add_months('due.as_of_date', -3) }}
    and (due.cancelled_on is null or due.end_date <= due.cancelled_on)

group by due.as_of_date, due.contract_id, due.customer_key, due.lob, due.end_date
