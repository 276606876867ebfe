-- One row per review date, customer and contract line: is a contract running, when did the first start, when did the last end?

select
    review_dates.as_of_date,
    contracts.customer_key,
    contracts.lob,
    bool_or(
        contracts.active_from <= review_dates.as_of_date
        and (contracts.active_until is null or review_dates.as_of_date <= contracts.active_until)
    ) as is_contract_active,
    min(contracts.active_from) as first_contract_date,
    max(case when contracts.active_until <= review_dates.as_of_date then contracts.active_until end) as last_contract_end_date

from {{ ref('int_contracts_versioned') }} as contracts
inner join {{ ref('int_review_dates') }} as review_dates
    on
        contracts.seen_from <= review_dates.as_of_date
        and (contracts.seen_until is null or review_dates.as_of_date < contracts.seen_until)

where contracts.status <> 'subscribed'

group by review_dates.as_of_date, contracts.customer_key, contracts.lob
