-- One row per customer, line, net of a single sale above 0 and the reviews that see it so (from seen_from until before seen_until).
-- Sales that nothing was taken back of are in one row per day that made them known: the largest of them.

with

sales as (

    select
        transactions.source_system,
        transactions.txn_id,
        transactions.customer_key,
        transactions.lob,
        transactions.reporting_amount,
        calendar.first_knowledge_date as seen_from

    from {{ ref('int_transactions_valued') }} as transactions
    inner join {{ ref('int_calendar') }} as calendar
        on transactions.known_on = calendar.calendar_date

    where
        transactions.fate = 'accepted'
        and transactions.txn_role = 'sale'
        and transactions.reporting_amount > 0
        and not transactions.is_hidden

),

changes as (

    select
        reversals.sale_source_system,
        reversals.sale_txn_id,
        calendar.first_knowledge_date as seen_from,
        sum(reversals.net_amount) as net_amount

    from {{ ref('int_reversals_applied') }} as reversals
    inner join {{ ref('int_calendar') }} as calendar
        on reversals.known_on = calendar.calendar_date

    where not reversals.is_hidden

    group by reversals.sale_source_system, reversals.sale_txn_id, calendar.first_knowledge_date

),

-- What a sale starts with and what changes it, per review that first knows it.
steps as (

    select
        source_system,
        txn_id,
        customer_key,
        lob,
        seen_from,
        reporting_amount as net_amount

    from sales

    union all

    select
        sales.source_system,
        sales.txn_id,
        sales.customer_key,
        sales.lob,
        changes.seen_from,
        changes.net_amount

    from sales
    inner join changes
        on sales.source_system = changes.sale_source_system and sales.txn_id = changes.sale_txn_id

),

days as (

    select
        source_system,
        txn_id,
        customer_key,
        lob,
        seen_from,
        sum(net_amount) as net_amount

    from steps

    group by source_system, txn_id, customer_key, lob, seen_from

),

stretches as (

    select
        customer_key,
        lob,
        seen_from,
        lead(seen_from) over (partition by source_system, txn_id order by seen_from) as seen_until,
        sum(net_amount) over (partition by source_system, txn_id order by seen_from) as net_amount

    from days

)

select
    customer_key,
    lob,
    seen_from,
    seen_until,
    cast(max(net_amount) as decimal(18, 2)) as largest_net_amount

from stretches

where net_amount > 0

group by customer_key, lob, seen_from, seen_until
