-- One row per sale above 0: the reviews that see it with a net above 0 (from seen_from until before seen_until).

with

undone as (

    select
        reversals.sale_source_system,
        reversals.sale_txn_id,
        calendar.first_knowledge_date as undone_from

    from {{ ref('int_reversals_applied') }} as reversals
    inner join {{ ref('int_calendar') }} as calendar
        on reversals.known_on = calendar.calendar_date

    where reversals.is_sale_undone and not reversals.is_hidden

)

select
    sales.customer_key,
    sales.lob,
    sales.category,
    sales.contract_id,
    sales.occasion_key,
    sales.amount,
    sales.quantity,
    sales.event_date,
    sales.is_contract_occasion,
    sales.paid_on,
    sales.due_date,
    calendar.first_knowledge_date as seen_from,
    undone.undone_from as seen_until

from {{ ref('int_transactions_valued') }} as sales
inner join {{ ref('int_calendar') }} as calendar
    on sales.known_on = calendar.calendar_date
left join undone
    on sales.source_system = undone.sale_source_system and sales.txn_id = undone.sale_txn_id

where
    sales.fate = 'accepted'
    and sales.txn_role = 'sale'
    and sales.reporting_amount > 0
    and not sales.is_hidden
