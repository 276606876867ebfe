-- One row per path and customer whose facts count on it, and from which day on they do.

select
    paths.path_key,
    paths.path_key as customer_key,
    coalesce(members.member_since, paths.first_day) as member_since,
    date '1990-01-01' as counts_from

from {{ ref('int_card_paths') }} as paths
left join {{ ref('int_members') }} as members
    on paths.path_key = members.customer_key

union all

select
    paths.path_key,
    accounts.customer_key,
    members.member_since,
    chains.merged_on as counts_from

from {{ ref('int_card_paths') }} as paths
inner join {{ ref('int_accounts') }} as accounts
    on paths.path_key = accounts.account_key
inner join {{ ref('int_customer_chains') }} as chains
    on accounts.customer_key = chains.customer_key and accounts.account_key = chains.met_key
left join {{ ref('int_members') }} as members
    on accounts.customer_key = members.customer_key
