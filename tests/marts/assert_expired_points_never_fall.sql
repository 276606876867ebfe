-- What has expired of an account never becomes less: each entry of expiry takes points, and they sum to what the steps say.

with

entries as (

    select
        account_id,
        min(-points) as least_points,
        sum(-points) as expired_points

    from {{ ref('points_ledger') }}

    where entry_type = 'expire'

    group by account_id

),

steps as (

    select
        account_key,
        min(expired_points) as least_points,
        sum(case when step_type <> 'forfeit' then expired_points else 0 end) as expired_points

    from {{ ref('int_points_steps_balanced') }}

    group by account_key

)

select
    balances.account_id,
    balances.lifetime_expired,
    entries.expired_points as expired_by_entries,
    steps.expired_points as expired_by_steps

from {{ ref('points_balances') }} as balances
inner join {{ ref('int_customers_keyed') }} as keys
    on balances.account_id = keys.customer_id
left join entries
    on balances.account_id = entries.account_id
left join steps
    on keys.customer_key = steps.account_key

where
    entries.least_points <= 0
    or steps.least_points < 0
    or balances.lifetime_expired <> coalesce(entries.expired_points, 0)
    or balances.lifetime_expired <> coalesce(steps.expired_points, 0)
