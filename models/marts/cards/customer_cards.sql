-- One row per member: the card of its account at the as-of date, what the next one still takes, and what it takes to keep it.

with

members as (

    select customer_key from {{ ref('int_members') }}

    union

    -- The end of a merge became a member.
    select account_key as customer_key from {{ ref('int_accounts') }}

)

select
    cards.as_of_date,
    customers.customer_id,
    accounts.account_id,
    tiers.card_tier,
    next_tiers.card_tier as next_tier,
    cards.reason,
    entry_gaps.gap_points,
    keep_gaps.gap_points as keep_gap_points,
    cards.days_left,
    entry_gaps.gap_spend,
    keep_gaps.gap_spend as keep_gap_spend,
    cast(coalesce(entry_gaps.progress, 1) as decimal(9, 4)) as progress,
    coalesce(entry_gaps.is_blocked_by_overdue, false) as is_blocked_by_overdue,
    cards.in_grace as is_in_grace,
    coalesce(cards.keep_rank < cards.computed_rank and cards.days_left <= cards.risk_days, false) as has_downgrade_risk,
    cards.is_floor,
    cards.since,
    cards.valid_to

from members
inner join {{ ref('int_accounts') }} as accounts
    on members.customer_key = accounts.customer_key
inner join {{ ref('int_customers_keyed') }} as customers
    on members.customer_key = customers.customer_key
inner join {{ ref('int_cards_current') }} as cards
    on accounts.account_key = cards.account_key
left join {{ ref('policy_card_tiers') }} as tiers
    on cards.shown_rank = tiers.card_rank and {{ in_force('tiers', 'cards.as_of_date') }}
left join {{ ref('policy_card_tiers') }} as next_tiers
    on cards.shown_rank + 1 = next_tiers.card_rank and {{ in_force('next_tiers', 'cards.as_of_date') }}
left join {{ ref('int_card_gaps') }} as entry_gaps
    on cards.account_key = entry_gaps.account_key and entry_gaps.purpose = 'entry'
left join {{ ref('int_card_gaps') }} as keep_gaps
    on cards.account_key = keep_gaps.account_key and keep_gaps.purpose = 'maintain'
