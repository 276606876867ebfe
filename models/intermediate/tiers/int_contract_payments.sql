-- One row per payment of a property contract, or refund of one: the amount in its own currency, and the review that first knew it.

with

payments as (

    select
        customer_key,
        contract_id,
        source_system,
        txn_id,
        amount,
        known_on

    from {{ ref('int_transactions_valued') }}

    where
        fate = 'accepted'
        and txn_role = 'sale'
        and lob = 'property_sale'
        and contract_id is not null
        and reporting_amount > 0
        and not is_hidden

),

changes as (

    select
        customer_key,
        contract_id,
        amount,
        known_on

    from payments

    union all

    select
        payments.customer_key,
        payments.contract_id,
        -reversals.applied_amount as amount,
        reversals.known_on

    from payments
    inner join {{ ref('int_reversals_applied') }} as reversals
        on payments.source_system = reversals.sale_source_system and payments.txn_id = reversals.sale_txn_id

    where not reversals.is_hidden

)

select
    changes.customer_key,
    changes.contract_id,
    changes.amount,
    calendar.first_knowledge_date as seen_from

from changes
inner join {{ ref('int_calendar') }} as calendar
    on changes.known_on = calendar.calendar_date
