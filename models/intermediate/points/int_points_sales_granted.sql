-- One row per posted sale: the points it is granted, of those its account, line and day may have.

with

sales as (

    select
        sales.*,
        cast(
            cast(coalesce(cards.points_multiplier, regular.points_multiplier, 1) as decimal(9, 4))
            * cast(coalesce(partners.points_multiplier, 1) as decimal(9, 4))
            as decimal(18, 8)
        ) as multiplier

    from {{ ref('int_points_sales_posted') }} as sales
    left join {{ ref('int_cards_on_days') }} as cards
        on
            sales.customer_key = cards.customer_key
            -- The card at the end of the day before.
            and cards.valid_from < sales.event_date
            and (cards.valid_until is null or sales.event_date <= cards.valid_until)
    -- Before the first day there is no card: as with the lowest.
    left join {{ ref('policy_card_tiers') }} as regular
        on regular.card_rank = 0 and {{ in_force('regular', 'sales.event_date') }}
    left join {{ ref('policy_points_partners') }} as partners
        on sales.partner_id = partners.partner_id and {{ in_force('partners', 'sales.event_date') }}

),

counted as (

    select
        sales.*,
        {{ points_of('net_amount', 'points_per_unit', 'multiplier', 'sale_cap') }} as points

    from sales

),

summed as (

    select
        counted.*,
        sum(points) over (
            partition by account_key, lob, event_date
            order by posted_on, event_at, source_system, txn_id
            rows between unbounded preceding and current row
        ) as day_points,
        row_number() over (
            partition by account_key, lob, event_date
            order by case when net_amount > 0 then 0 else 1 end, posted_on, event_at, source_system, txn_id
        ) as purchase_number

    from counted

)

select
    source_system,
    txn_id,
    customer_key,
    account_key,
    lob,
    partner_id,
    event_at,
    event_date,
    posted_on,
    available_on,
    policy_version,
    points_per_unit,
    sale_cap,
    multiplier,
    net_amount,
    cast(least(day_cap, day_points) - least(day_cap, day_points - points) as bigint) as granted_points,
    case when purchase_number = 1 and net_amount > 0 then bonus_points else 0 end as bonus_points

from summed
