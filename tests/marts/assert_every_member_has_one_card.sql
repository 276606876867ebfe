-- Every member has one card, that of the current period of its account, and every account has a history.

with

members as (

    select customers.customer_id

    from {{ ref('int_members') }} as members
    inner join {{ ref('int_customers_keyed') }} as customers
        on members.customer_key = customers.customer_key

    union

    select account_id as customer_id from {{ ref('int_accounts') }}

)

select coalesce(members.customer_id, cards.customer_id) as customer_id

from members
full outer join {{ ref('customer_cards') }} as cards
    on members.customer_id = cards.customer_id
left join {{ ref('card_history') }} as history
    on cards.account_id = history.account_id and history.valid_until is null

where
    members.customer_id is null
    or cards.customer_id is null
    or history.account_id is null
    or cards.card_tier <> history.card_tier
