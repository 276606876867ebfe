-- One row per change of redeemable points by a sale: earned, bonus, or taken back by a refund. `lot_type` says which lot it belongs to.

with

sales as (

    select * from {{ ref('int_points_sales_granted') }}

),

bonuses as (

    select * from {{ ref('int_points_bonuses') }}

),

entries as (

    select
        'earn' as entry_type,
        'earn' as lot_type,
        source_system,
        txn_id as source_id,
        txn_id as sale_txn_id,
        source_system as sale_source_system,
        granted_points as points,
        event_at,
        posted_on,
        available_on

    from sales

    union all

    select
        'reversal' as entry_type,
        'earn' as lot_type,
        refunds.source_system,
        refunds.txn_id as source_id,
        sales.txn_id as sale_txn_id,
        sales.source_system as sale_source_system,
        least(
            sales.granted_points, {{ points_of('refunds.net_after', 'sales.points_per_unit', 'sales.multiplier', 'sales.sale_cap') }}
        ) - least(
            sales.granted_points, {{ points_of('refunds.net_before', 'sales.points_per_unit', 'sales.multiplier', 'sales.sale_cap') }}
        ) as points,
        refunds.event_at,
        refunds.posted_on,
        greatest(refunds.posted_on, sales.available_on) as available_on

    from {{ ref('int_points_refunds') }} as refunds
    inner join sales
        on refunds.sale_source_system = sales.source_system and refunds.sale_txn_id = sales.txn_id

    union all

    select
        'bonus' as entry_type,
        'bonus' as lot_type,
        source_system,
        txn_id as source_id,
        txn_id as sale_txn_id,
        source_system as sale_source_system,
        bonus_points as points,
        event_at,
        posted_on,
        available_on

    from bonuses

    union all

    select
        'reversal' as entry_type,
        'bonus' as lot_type,
        source_system,
        txn_id as source_id,
        txn_id as sale_txn_id,
        source_system as sale_source_system,
        -bonus_points as points,
        event_at,
        reversed_on as posted_on,
        greatest(reversed_on, available_on) as available_on

    from bonuses

    where reversed_on is not null

)

select
    entries.entry_type,
    entries.lot_type,
    entries.source_system,
    entries.source_id,
    entries.sale_source_system,
    entries.sale_txn_id,
    sales.customer_key,
    sales.account_key,
    sales.lob,
    sales.partner_id,
    sales.policy_version,
    case when entries.lot_type = 'earn' then sales.multiplier end as multiplier,
    cast(entries.points as bigint) as points,
    entries.event_at,
    sales.event_date,
    entries.posted_on,
    entries.available_on,
    sales.available_on as lot_available_on

from entries
inner join sales
    on entries.sale_source_system = sales.source_system and entries.sale_txn_id = sales.txn_id

where entries.points <> 0
