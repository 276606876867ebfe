-- One row per refund, known by the as-of date, of a sale after it was posted: the sale's net before and after it.

with

refunds as (

    select
        reversals.source_system,
        reversals.txn_id,
        reversals.sale_source_system,
        reversals.sale_txn_id,
        transactions.event_at,
        reversals.known_on as posted_on,
        sales.net_amount as sale_net_amount,
        sum(reversals.net_amount) over (
            partition by reversals.sale_source_system, reversals.sale_txn_id
            order by reversals.known_on, transactions.event_at, reversals.txn_id, reversals.source_system
            rows between unbounded preceding and current row
        ) as refunded_amount,
        reversals.net_amount

    from {{ ref('int_reversals_applied') }} as reversals
    inner join {{ ref('int_points_sales_posted') }} as sales
        on
            reversals.sale_source_system = sales.source_system
            and reversals.sale_txn_id = sales.txn_id
            and reversals.known_on > sales.posted_on
    inner join {{ ref('int_transactions_valued') }} as transactions
        on reversals._file = transactions._file and reversals._line = transactions._line
    cross join {{ ref('int_as_of_date') }} as clock

    where not reversals.is_hidden and reversals.known_on <= clock.as_of_date

)

select
    source_system,
    txn_id,
    sale_source_system,
    sale_txn_id,
    event_at,
    posted_on,
    cast(sale_net_amount + refunded_amount - net_amount as decimal(18, 2)) as net_before,
    cast(sale_net_amount + refunded_amount as decimal(18, 2)) as net_after

from refunds
