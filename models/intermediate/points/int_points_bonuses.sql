-- One row per bonus of an account, line and day: with which sale it came, and when the day's last sale was taken back (null: it was not).

with

bonuses as (

    select * from {{ ref('int_points_sales_granted') }}

    where bonus_points > 0

),

-- What the sales of the day were worth together, after each day on which that changed.
changes as (

    select
        account_key,
        lob,
        event_date,
        posted_on,
        net_amount

    from {{ ref('int_points_sales_granted') }}

    union all

    select
        sales.account_key,
        sales.lob,
        sales.event_date,
        refunds.posted_on,
        refunds.net_after - refunds.net_before as net_amount

    from {{ ref('int_points_refunds') }} as refunds
    inner join {{ ref('int_points_sales_granted') }} as sales
        on refunds.sale_source_system = sales.source_system and refunds.sale_txn_id = sales.txn_id

),

totals as (

    select
        account_key,
        lob,
        event_date,
        posted_on,
        sum(net_amount) over (partition by account_key, lob, event_date order by posted_on) as net_amount

    from changes

),

undone as (

    select
        bonuses.source_system,
        bonuses.txn_id,
        min(totals.posted_on) as reversed_on

    from bonuses
    inner join totals
        on
            bonuses.account_key = totals.account_key
            and bonuses.lob = totals.lob
            and bonuses.event_date = totals.event_date
            and totals.posted_on > bonuses.posted_on

    where totals.net_amount = 0

    group by bonuses.source_system, bonuses.txn_id

)

select
    bonuses.source_system,
    bonuses.txn_id,
    bonuses.customer_key,
    bonuses.account_key,
    bonuses.lob,
    bonuses.partner_id,
    bonuses.event_at,
    bonuses.event_date,
    bonuses.posted_on,
    bonuses.available_on,
    bonuses.policy_version,
    bonuses.bonus_points,
    undone.reversed_on

from bonuses
left join undone
    on bonuses.source_system = undone.source_system and bonuses.txn_id = undone.txn_id
