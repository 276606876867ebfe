-- One row per sale or refund that changes the qualifying points of an account. No multiplier, no bonus, no cap of the day.

with

changes as (

    select
        'earn' as entry_type,
        sales.source_system,
        sales.txn_id as source_id,
        sales.txn_id as sale_txn_id,
        sales.customer_key,
        sales.account_key,
        sales.lob,
        sales.partner_id,
        sales.policy_version,
        sales.event_date,
        sales.posted_on,
        {{ points_of('sales.net_amount', 'sales.qualifying_per_unit', '1', 'sales.qualifying_sale_cap') }} as points

    from {{ ref('int_points_sales_posted') }} as sales

    union all

    select
        'reversal' as entry_type,
        refunds.source_system,
        refunds.txn_id as source_id,
        sales.txn_id as sale_txn_id,
        sales.customer_key,
        sales.account_key,
        sales.lob,
        sales.partner_id,
        sales.policy_version,
        sales.event_date,
        refunds.posted_on,
        {{ points_of('refunds.net_after', 'sales.qualifying_per_unit', '1', 'sales.qualifying_sale_cap') }}
        - {{ points_of('refunds.net_before', 'sales.qualifying_per_unit', '1', 'sales.qualifying_sale_cap') }} as points

    from {{ ref('int_points_refunds') }} as refunds
    inner join {{ ref('int_points_sales_posted') }} as sales
        on refunds.sale_source_system = sales.source_system and refunds.sale_txn_id = sales.txn_id

)

select
    entry_type,
    source_system,
    source_id,
    sale_txn_id,
    customer_key,
    account_key,
    lob,
    partner_id,
    policy_version,
    event_date as qualifying_date,
    posted_on,
    points

from changes

where points <> 0
