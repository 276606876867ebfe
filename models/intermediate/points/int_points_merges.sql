-- One row per merge of two members of an account by the as-of date: what was left that day of the lots of the one that goes.

with

groups as (

    select from_key, from_key as customer_key from {{ ref('int_customer_links') }}

    union all

    -- Whoever had been merged into it by then goes with it.
    select
        links.from_key,
        chains.customer_key

    from {{ ref('int_customer_links') }} as links
    inner join {{ ref('int_customer_chains') }} as chains
        on links.from_key = chains.met_key and chains.merged_on <= links.merged_on

),

consumed as (

    select
        links.from_key,
        max(steps.step_number) as step_number

    from {{ ref('int_customer_links') }} as links
    inner join {{ ref('int_accounts') }} as accounts
        on links.from_key = accounts.customer_key
    inner join {{ ref('int_points_steps_balanced') }} as steps
        on accounts.account_key = steps.account_key and steps.entry_on <= links.merged_on

    group by links.from_key

)

select
    links.from_key,
    links.to_key,
    accounts.account_key,
    links.merged_on,
    max(steps.balance) as balance,
    cast(
        sum(greatest(0, least(lots.points, lots.issued_points - steps.consumed_points))) as bigint
    ) as points

from {{ ref('int_customer_links') }} as links
inner join {{ ref('int_accounts') }} as accounts
    on links.from_key = accounts.customer_key
inner join consumed
    on links.from_key = consumed.from_key
inner join {{ ref('int_points_steps_balanced') }} as steps
    on accounts.account_key = steps.account_key and consumed.step_number = steps.step_number
inner join groups
    on links.from_key = groups.from_key
inner join {{ ref('int_points_lots') }} as lots
    on groups.customer_key = lots.customer_key and accounts.account_key = lots.account_key and lots.available_on <= links.merged_on

group by links.from_key, links.to_key, accounts.account_key, links.merged_on
