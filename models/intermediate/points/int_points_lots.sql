-- One row per lot of redeemable points: what it was worth when it became available, where it stands in its account, and when it expires.

with

lots as (

    -- What a refund takes back by the day the lot becomes available never was in it.
    select
        account_key,
        customer_key,
        'transactions' as source_table,
        sale_source_system as source_system,
        sale_txn_id as source_id,
        lot_type,
        min(case when entry_type <> 'reversal' then event_at end) as event_at,
        lot_available_on as available_on,
        sum(points) as points

    from {{ ref('int_points_earned') }}

    where available_on = lot_available_on

    group by account_key, customer_key, sale_source_system, sale_txn_id, lot_type, lot_available_on

    union all

    select
        account_key,
        customer_key,
        'points_events' as source_table,
        source_system,
        event_id as source_id,
        case when event_type = 'partner_earn' then 'earn' else 'adjust' end as lot_type,
        event_at,
        posted_on as available_on,
        points

    from {{ ref('int_points_events_placed') }}

    where
        placed_status is null
        and (event_type = 'partner_earn' or (event_type in ('adjust', 'transfer') and direction = 'credit'))

),

-- By the validity of its day; but no lot expires before those of an earlier day do, by the validity of theirs.
days as (

    select
        days.available_on,
        max(
            {{ quarter_end(add_months(
                "least(days.available_on, coalesce(" ~ add_days("program.effective_to", -1) ~ ", days.available_on))",
                "program.validity_months"
            )) }}
        ) as expires_on

    from (select distinct lots.available_on from lots) as days
    inner join {{ ref('policy_points_program') }} as program
        on {{ of_scenario('program') }} and program.effective_from <= days.available_on

    group by days.available_on

),

numbered as (

    select
        lots.*,
        days.expires_on,
        row_number() over (
            partition by lots.account_key
            order by lots.available_on, lots.event_at, lots.source_id, lots.source_table, lots.source_system, lots.lot_type desc
        ) as lot_number

    from lots
    inner join days
        on lots.available_on = days.available_on

)

select
    account_key,
    lot_number,
    customer_key,
    source_table,
    source_system,
    source_id,
    lot_type,
    event_at,
    available_on,
    expires_on,
    cast(points as bigint) as points,
    cast(
        sum(points) over (partition by account_key order by lot_number rows between unbounded preceding and current row) as bigint
    ) as issued_points

from numbered
