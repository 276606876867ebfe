-- Per currency and sale the points earned less those taken back are not below 0, and 0 where nothing is left of the sale.

select
    account_key,
    sale_source_system,
    sale_txn_id,
    lot_type,
    sum(points) as points

from {{ ref('int_points_earned') }}

group by account_key, sale_source_system, sale_txn_id, lot_type

having sum(points) < 0
