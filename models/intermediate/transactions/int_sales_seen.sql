-- One row per sale above 0: the reviews that see it with a net above 0 (from seen_from until before seen_until).

with

undone as (

    select
        reversals.sale_source_system,
        reversals.sale_txn_id,
        reversals.known_on as undone_on,
        calendar.first_knowledge_date as undone_from

    from {{ ref('int_reversals_applied') }} as reversals
    inner join {{ ref('int_calendar') }} as calendar
        on reversals.known_on = calendar.calendar_date

    where reversals.is_sale_undone and not reversals.is_hidden

),

sales as (

    select
        transactions.*,
        -- Only where both amounts were delivered and make sense together.
        coalesce(
            transactions.gross_amount > 0
            and transactions.gross_amount < 100000000000
            and transactions.discount_amount between 0 and transactions.gross_amount,
            false
        ) as is_discount_known

    from {{ ref('int_transactions_valued') }} as transactions

    where
        transactions.fate = 'accepted'
        and transactions.txn_role = 'sale'
        and transactions.reporting_amount > 0
        and not transactions.is_hidden

)

select
    sales.customer_key,
    sales.lob,
    sales.category,
    sales.channel,
    sales.contract_id,
    sales.occasion_key,
    sales.amount,
    sales.quantity,
    case when sales.is_discount_known then {{ money_product('sales.gross_amount', 'sales.fx_rate') }} end as reporting_gross_amount,
    case when sales.is_discount_known then {{ money_product('sales.discount_amount', 'sales.fx_rate') }} end as reporting_discount_amount,
    sales.event_date,
    case when sales.is_discount_known then sales.discount_amount > 0 end as is_discounted,
    sales.is_contract_occasion,
    sales.paid_on,
    sales.due_date,
    sales.known_on,
    undone.undone_on,
    calendar.first_knowledge_date as seen_from,
    undone.undone_from as seen_until

from sales
inner join {{ ref('int_calendar') }} as calendar
    on sales.known_on = calendar.calendar_date
left join undone
    on sales.source_system = undone.sale_source_system and sales.txn_id = undone.sale_txn_id
