-- One row per review date and customer with a contract of a contract line, subscriptions aside: is one active, how did the last one end?

with

contracts as (

    select
        lobs.as_of_date,
        contracts.customer_key,
        contracts.status,
        coalesce(
            contracts.active_from <= lobs.as_of_date
            and (contracts.active_until is null or lobs.as_of_date <= contracts.active_until),
            false
        ) as is_active,
        case when contracts.active_until < lobs.as_of_date then contracts.active_until end as ended_on

    from {{ ref('int_contracts_versioned') }} as contracts
    inner join {{ ref('int_lobs_in_force') }} as lobs
        on
            contracts.lob = lobs.lob
            and contracts.seen_from <= lobs.as_of_date
            and (contracts.seen_until is null or lobs.as_of_date < contracts.seen_until)
            and lobs.is_contractual

    where contracts.status <> 'subscribed'

)

select
    contracts.as_of_date,
    contracts.customer_key,
    bool_or(contracts.is_active) as has_active_contract,
    max(contracts.ended_on) as last_end_date,
    max(case when contracts.status in ('terminated', 'cancelled') then contracts.ended_on end) as last_termination_date

from contracts
inner join {{ ref('int_review_dates') }} as review_dates
    on contracts.as_of_date = review_dates.as_of_date

group by contracts.as_of_date, contracts.customer_key
