-- One row per customer whose sales and points events belong to an account: the member at the end of its merges.

with

ends as (

    select
        customer_key,
        met_key,
        row_number() over (partition by customer_key order by link_count desc) as end_rank

    from {{ ref('int_customer_chains') }}

),

customers as (

    select
        keys.customer_key,
        coalesce(ends.met_key, keys.customer_key) as account_key

    from {{ ref('int_customers_keyed') }} as keys
    left join ends
        on keys.customer_key = ends.customer_key and ends.end_rank = 1

),

opened as (

    select
        customers.account_key,
        min(members.member_since) as member_since,
        min(members.opened_on) as opened_on

    from customers
    inner join {{ ref('int_members') }} as members
        on customers.customer_key = members.customer_key

    group by customers.account_key

)

select
    customers.customer_key,
    customers.account_key,
    keys.customer_id as account_id,
    opened.member_since,
    opened.opened_on

from customers
inner join opened
    on customers.account_key = opened.account_key
inner join {{ ref('int_customers_keyed') }} as keys
    on customers.account_key = keys.customer_key
