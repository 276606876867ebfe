-- One row per lot of redeemable points of which something is left at the as-of date.

select
    clock.as_of_date,
    md5(
        accounts.customer_id || '|' || lots.source_table || '|' || lots.source_system || '|' || lots.source_id || '|redeemable|'
        || lots.lot_type
    ) as entry_id,
    accounts.customer_id as account_id,
    customers.customer_id,
    lots.lot_number,
    lots.points,
    lots.remaining_points,
    lots.available_on,
    lots.expires_on

from {{ ref('int_points_lots_left') }} as lots
cross join {{ ref('int_as_of_date') }} as clock
inner join {{ ref('int_customers_keyed') }} as accounts
    on lots.account_key = accounts.customer_key
inner join {{ ref('int_customers_keyed') }} as customers
    on lots.customer_key = customers.customer_key

where lots.remaining_points > 0
