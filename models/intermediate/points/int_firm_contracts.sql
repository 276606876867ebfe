-- One row per customer, line and known contract: since when it was known, and the first day on which the sale was firm (null: never).

with

days as (

    select
        days.customer_key,
        days.lob,
        days.contract_id,
        days.changed_on,
        case
            when versions.contract_id is null or versions.cancelled_on <= days.changed_on then false
            when versions.handover_date <= days.changed_on then true
            when coalesce(versions.total_amount, 0) = 0 then true
            else days.paid_amount >= parameters.value * versions.total_amount
        end as is_firm

    from {{ ref('int_firm_contract_days') }} as days
    left join {{ ref('int_firm_contract_versions') }} as versions
        on
            days.contract_id = versions.contract_id
            and versions.known_from <= days.changed_on
            and (versions.known_until is null or days.changed_on < versions.known_until)
    left join {{ ref('policy_parameters') }} as parameters
        on parameters.parameter = 'sale_firm_paid_share' and {{ in_force('parameters', 'days.changed_on') }}

),

known as (

    select
        contract_id,
        min(known_from) as known_from

    from {{ ref('int_firm_contract_versions') }}

    group by contract_id

)

select
    days.customer_key,
    days.lob,
    days.contract_id,
    known.known_from,
    min(case when days.is_firm then days.changed_on end) as firm_on

from days
inner join known
    on days.contract_id = known.contract_id

group by days.customer_key, days.lob, days.contract_id, known.known_from
