-- The lots of an account together hold what it may spend: nothing in debt, the balance otherwise.

with

lots as (

    select
        account_id,
        sum(remaining_points) as remaining_points

    from {{ ref('points_lots') }}

    group by account_id

)

select
    balances.account_id,
    balances.spendable,
    lots.remaining_points

from {{ ref('points_balances') }} as balances
left join lots
    on balances.account_id = lots.account_id

where balances.spendable <> coalesce(lots.remaining_points, 0)
