-- One row per path of a card: a member by itself until it is merged into another, or the member at the end of merges with all of them.

with

merged as (

    select
        accounts.customer_key,
        accounts.account_key,
        chains.merged_on

    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_customer_chains') }} as chains
        on accounts.customer_key = chains.customer_key and accounts.account_key = chains.met_key

),

paths as (

    select
        accounts.customer_key as path_key,
        accounts.account_key,
        case
            when accounts.customer_key = accounts.account_key then coalesce(members.member_since, accounts.member_since)
            else members.member_since
        end as first_day,
        case when accounts.customer_key = accounts.account_key then clock.as_of_date else merged.merged_on end as last_day,
        accounts.customer_key in (select ends.account_key from merged as ends) as has_merges

    from {{ ref('int_accounts') }} as accounts
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_members') }} as members
        on accounts.customer_key = members.customer_key
    left join merged
        on accounts.customer_key = merged.customer_key

)

select
    path_key,
    account_key,
    has_merges,
    first_day,
    last_day

from paths

where first_day <= last_day
