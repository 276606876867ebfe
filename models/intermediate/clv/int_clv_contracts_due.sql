-- One row per knowledge date and contract that is over for long enough to tell whether it was renewed.

select
    due.as_of_date,
    due.customer_key,
    due.lob,
    due.contract_id,
    due.is_open_ended,
    {{ days_between('due.line_start_date', 'due.active_until') }} as tenure_days,
    coalesce(bool_or(next_contracts.contract_id is not null), false) as is_renewed

from {{ ref('int_clv_contracts') }} as due
left join {{ ref('int_clv_contracts') }} as next_contracts
    on
        due.as_of_date = next_contracts.as_of_date
        and due.customer_key = next_contracts.customer_key
        and due.lob = next_contracts.lob
        and next_contracts.active_from <= due.renewable_until
        and (next_contracts.active_until is null or next_contracts.active_until > due.active_until)

where due.renewable_until <= due.as_of_date

group by
    due.as_of_date,
    due.customer_key,
    due.lob,
    due.contract_id,
    due.is_open_ended,
    due.line_start_date,
    due.active_until
