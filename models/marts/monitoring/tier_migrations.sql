-- One row per pair of neighbouring shown dates, state at the first and state at the second: how many customers went so.

with

moves as (

    select
        moves.*,
        sum(moves.customer_count) over (partition by moves.to_date, moves.from_tier) as from_count

    from {{ ref('int_tier_moves') }} as moves

)

select
    from_date,
    to_date,
    from_tier,
    to_tier,
    direction,
    customer_count,
    cast({{ ratio('customer_count', 'from_count', 4, decimals=0) }} as decimal(9, 4)) as share,
    spend_12m as value_moved

from moves
