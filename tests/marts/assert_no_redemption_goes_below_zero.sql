-- After an accepted redemption or transfer the balance is not below 0.

select
    ledger.entry_id,
    ledger.points,
    ledger.balance_after

from {{ ref('points_ledger') }} as ledger
inner join {{ ref('points_events_judged') }} as events
    on ledger.source_table = 'points_events' and ledger.source_system = events.source_system and ledger.source_id = events.event_id

where ledger.points < 0 and events.event_type in ('redeem', 'transfer') and ledger.balance_after < 0
