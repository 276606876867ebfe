-- One row per knowledge date, graded customer and contract of a contract line, as known by then.

select
    lobs.as_of_date,
    contracts.customer_key,
    contracts.lob,
    contracts.contract_id,
    contracts.active_from,
    contracts.active_until,
    contracts.is_open_ended,
    contracts.is_cancelled,
    greatest(
        1,
        coalesce(
            contracts.term_months,
            {{ month_number(add_days('contracts.active_until', 1)) }} - {{ month_number('contracts.active_from') }},
            12
        )
    ) as term_months,
    {{ add_days('contracts.active_until', 'policy.renewal_grace_days') }} as renewable_until,
    min(contracts.active_from) over (
        partition by lobs.as_of_date, contracts.customer_key, contracts.lob
    ) as line_start_date,
    contracts.active_until is null or contracts.active_until >= lobs.as_of_date as is_running

from {{ ref('int_contracts_versioned') }} as contracts
inner join {{ ref('int_clv_lines_in_force') }} as lobs
    on
        contracts.lob = lobs.lob
        and lobs.prediction = 'contract'
        and contracts.seen_from <= lobs.as_of_date
        and (contracts.seen_until is null or lobs.as_of_date < contracts.seen_until)
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on lobs.as_of_date = policy.as_of_date
inner join {{ ref('int_customers_judged') }} as customers
    on lobs.as_of_date = customers.as_of_date and contracts.customer_key = customers.customer_key and customers.is_scoreable

where
    contracts.status <> 'subscribed'
    and contracts.active_from is not null
    and (contracts.active_until is null or contracts.active_from <= contracts.active_until)
