-- The balance of an account is the sum of its redeemable entries up to the as-of date, and what its last step tells.

with

last_steps as (

    select
        account_key,
        balance,
        row_number() over (partition by account_key order by step_number desc) as step_rank

    from {{ ref('int_points_steps_balanced') }}

),

entries as (

    select
        ledger.account_id,
        sum(ledger.points) as points

    from {{ ref('points_ledger') }} as ledger
    cross join {{ ref('int_as_of_date') }} as clock

    where ledger.currency = 'redeemable' and ledger.entry_on <= clock.as_of_date

    group by ledger.account_id

)

select
    balances.account_id,
    balances.balance,
    entries.points as balance_of_entries,
    last_steps.balance as balance_of_steps

from {{ ref('points_balances') }} as balances
inner join {{ ref('int_customers_keyed') }} as keys
    on balances.account_id = keys.customer_id
left join last_steps
    on keys.customer_key = last_steps.account_key and last_steps.step_rank = 1
left join entries
    on balances.account_id = entries.account_id

where balances.balance <> coalesce(last_steps.balance, 0) or balances.balance <> coalesce(entries.points, 0)
