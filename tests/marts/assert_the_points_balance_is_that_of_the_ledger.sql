-- The balance of an account, told by its last step, is the sum of its entries up to the as-of date.

with

last_steps as (

    select
        account_key,
        balance,
        row_number() over (partition by account_key order by step_number desc) as step_rank

    from {{ ref('int_points_steps_balanced') }}

)

select
    balances.account_id,
    balances.balance,
    last_steps.balance as balance_of_steps

from {{ ref('points_balances') }} as balances
inner join {{ ref('int_customers_keyed') }} as keys
    on balances.account_id = keys.customer_id
left join last_steps
    on keys.customer_key = last_steps.account_key and last_steps.step_rank = 1

where balances.balance <> coalesce(last_steps.balance, 0)
