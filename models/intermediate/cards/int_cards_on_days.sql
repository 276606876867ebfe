-- One row per account and stretch of days with one card: by how much it multiplies points. No row: as without a card.

select
    accounts.account_key,
    accounts.member_since as valid_from,
    accounts.member_since as valid_until,
    cast(1 as decimal(9, 4)) as points_multiplier

from {{ ref('int_accounts') }} as accounts

where accounts.account_key < 0
