-- What is merged out of a member is merged into another one of the same account, on the same day.

select
    account_id,
    source_id,
    sum(points) as points

from {{ ref('points_ledger') }}

where entry_type in ('merge_in', 'merge_out')

group by account_id, source_id

having sum(points) <> 0
