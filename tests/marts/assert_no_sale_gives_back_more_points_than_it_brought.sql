-- Per currency and sale the points earned less those taken back are not below 0, and 0 where nothing is left of the sale. (A bonus is of
-- the day: it may stay where another sale of the day does.)

with

entries as (

    select 'redeemable' as currency, lot_type, sale_source_system, sale_txn_id, points from {{ ref('int_points_earned') }}

    union all

    select
        'qualifying' as currency,
        'earn' as lot_type,
        coalesce(refunds.sale_source_system, qualifying.source_system) as sale_source_system,
        qualifying.sale_txn_id,
        qualifying.points

    from {{ ref('int_points_qualifying') }} as qualifying
    left join {{ ref('int_points_refunds') }} as refunds
        on
            qualifying.entry_type = 'reversal'
            and qualifying.source_system = refunds.source_system
            and qualifying.source_id = refunds.txn_id

),

left_of_sales as (

    select
        sale_source_system,
        sale_txn_id,
        min(net_after) as net_amount

    from {{ ref('int_points_refunds') }}

    group by sale_source_system, sale_txn_id

)

select
    entries.currency,
    entries.lot_type,
    entries.sale_source_system,
    entries.sale_txn_id,
    sum(entries.points) as points

from entries
left join left_of_sales
    on entries.sale_source_system = left_of_sales.sale_source_system and entries.sale_txn_id = left_of_sales.sale_txn_id

group by entries.currency, entries.lot_type, entries.sale_source_system, entries.sale_txn_id

having sum(entries.points) < 0 or (max(entries.lot_type) = 'earn' and min(left_of_sales.net_amount) = 0 and sum(entries.points) <> 0)
