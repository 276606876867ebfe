-- One row per entry that a sale or its refund makes in the ledger, in both currencies.

with

redeemable as (

    select
        earned.*,
        lots.lot_number,
        case when earned.entry_type <> 'reversal' then lots.expires_on end as expires_on,
        case when earned.available_on > earned.lot_available_on then 'reversal' else earned.lot_type end as step_type

    from {{ ref('int_points_earned') }} as earned
    left join {{ ref('int_points_lots') }} as lots
        on
            lots.source_table = 'transactions'
            and earned.sale_source_system = lots.source_system
            and earned.sale_txn_id = lots.source_id
            and earned.lot_type = lots.lot_type

)

select
    redeemable.account_key,
    redeemable.customer_key,
    'redeemable' as currency,
    redeemable.entry_type,
    redeemable.lob,
    redeemable.source_system,
    redeemable.source_id,
    redeemable.partner_id,
    redeemable.points,
    redeemable.posted_on,
    redeemable.event_date,
    redeemable.available_on,
    redeemable.available_on as entry_on,
    redeemable.expires_on,
    redeemable.multiplier,
    redeemable.policy_version,
    steps.balance as balance_after

from redeemable
left join {{ ref('int_points_steps_balanced') }} as steps
    on
        redeemable.account_key = steps.account_key
        and steps.source_table = 'transactions'
        and redeemable.step_type = steps.step_type
        and redeemable.available_on = steps.entry_on
        and case when redeemable.step_type = 'reversal' then redeemable.source_system else redeemable.sale_source_system end
        = steps.source_system
        and case when redeemable.step_type = 'reversal' then redeemable.source_id else redeemable.sale_txn_id end = steps.source_id

union all

select
    account_key,
    customer_key,
    'qualifying' as currency,
    entry_type,
    lob,
    source_system,
    source_id,
    partner_id,
    points,
    posted_on,
    qualifying_date as event_date,
    cast(null as date) as available_on,
    posted_on as entry_on,
    cast(null as date) as expires_on,
    cast(null as decimal(18, 8)) as multiplier,
    policy_version,
    cast(null as bigint) as balance_after

from {{ ref('int_points_qualifying') }}
