-- A lot has at most the points of the entry it came with, and its days.

select
    lots.entry_id,
    lots.points,
    lots.remaining_points,
    ledger.points as entry_points

from {{ ref('points_lots') }} as lots
left join {{ ref('points_ledger') }} as ledger
    on lots.entry_id = ledger.entry_id

where
    ledger.entry_id is null
    or ledger.account_id <> lots.account_id
    or lots.points > ledger.points
    or lots.remaining_points > ledger.points
    or lots.available_on <> ledger.entry_on
    or lots.expires_on <> ledger.expires_on
