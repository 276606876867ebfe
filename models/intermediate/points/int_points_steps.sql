-- One row per account and step, in the order of the ledger, up to the as-of date: lots come, lots expire, points are spent or given back.
-- Of each day expiry comes first, then lots, then debits; at the end of a day on which the account was closed nothing is left.

with

lots as (

    select lots.*

    from {{ ref('int_points_lots') }} as lots
    cross join {{ ref('int_as_of_date') }} as clock

    where lots.available_on <= clock.as_of_date

),

steps as (

    select
        account_key, available_on as entry_on, 1 as day_order, lot_type as step_type, source_table, source_system, source_id, event_at,
        points as lot_points, 0 as debit, 0 as asked_points, cast(null as bigint) as expired_to

    from lots

    union all

    select
        lots.account_key, lots.expires_on as entry_on, 0 as day_order, 'expire' as step_type, 'points_lots' as source_table,
        '' as source_system, cast(lots.expires_on as {{ type_text() }}) as source_id, cast(null as timestamp) as event_at,
        0 as lot_points, 0 as debit, 0 as asked_points, max(lots.issued_points) as expired_to

    from lots
    cross join {{ ref('int_as_of_date') }} as clock

    where lots.expires_on <= clock.as_of_date

    group by lots.account_key, lots.expires_on

    union all

    select
        account_key, available_on as entry_on, 2 as day_order, 'reversal' as step_type, 'transactions' as source_table, source_system,
        source_id, event_at, 0 as lot_points, -points as debit, 0 as asked_points, cast(null as bigint) as expired_to

    from {{ ref('int_points_earned') }}

    where entry_type = 'reversal' and available_on > lot_available_on

    union all

    select
        events.account_key, events.posted_on as entry_on, 2 as day_order, events.event_type as step_type, 'points_events' as source_table,
        events.source_system, events.event_id as source_id, events.event_at, 0 as lot_points,
        case when events.event_type = 'adjust' then events.points else 0 end as debit,
        case events.event_type when 'adjust' then 0 when 'redeem_cancel' then -events.points else events.points end as asked_points,
        cast(null as bigint) as expired_to

    from {{ ref('int_points_events_placed') }} as events
    left join {{ ref('int_points_cancels') }} as cancels
        on events.source_system = cancels.source_system and events.event_id = cancels.event_id

    where
        events.placed_status is null
        and cancels.cancel_status is null
        and (events.event_type in ('redeem', 'redeem_cancel') or events.direction = 'debit')
        and events.event_type <> 'partner_earn'

    union all

    select
        account_key, forfeited_on as entry_on, 3 as day_order, 'forfeit' as step_type, 'customers' as source_table, '' as source_system,
        cast(forfeited_on as {{ type_text() }}) as source_id, cast(null as timestamp) as event_at, 0 as lot_points, 0 as debit,
        0 as asked_points, cast(null as bigint) as expired_to

    from {{ ref('int_points_forfeit_days') }}

)

select
    steps.*,
    row_number() over (
        partition by account_key
        order by entry_on, day_order, event_at nulls first, source_id, source_table, source_system, step_type desc
    ) as step_number

from steps
