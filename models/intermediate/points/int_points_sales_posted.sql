-- One row per sale that is posted by the as-of date: on which day, and its net in the reporting currency by then.

with

sales as (

    select
        sales.*,
        -- Nothing is posted before the account is known to be open.
        greatest(sales.due_on, sales.opened_on) as posted_on

    from {{ ref('int_points_sales') }} as sales

    where sales.due_on is not null

),

posted as (

    select sales.*

    from sales
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_account_closures') }} as closures
        on
            sales.account_key = closures.account_key
            and sales.posted_on > closures.closed_on
            and (closures.reopened_on is null or sales.posted_on < closures.reopened_on)

    where sales.posted_on <= clock.as_of_date and closures.account_key is null

),

refunded as (

    select
        posted.source_system,
        posted.txn_id,
        sum(reversals.net_amount) as net_amount

    from posted
    inner join {{ ref('int_reversals_applied') }} as reversals
        on
            posted.source_system = reversals.sale_source_system
            and posted.txn_id = reversals.sale_txn_id
            and reversals.known_on <= posted.posted_on

    where not reversals.is_hidden

    group by posted.source_system, posted.txn_id

)

select
    posted.source_system,
    posted.txn_id,
    posted.customer_key,
    posted.account_key,
    posted.lob,
    posted.partner_id,
    posted.event_at,
    posted.event_date,
    posted.posted_on,
    greatest(posted.posted_on, {{ add_days('posted.event_date', 'posted.pending_days') }}) as available_on,
    posted.policy_version,
    posted.points_per_unit,
    posted.qualifying_per_unit,
    posted.sale_cap,
    posted.day_cap,
    posted.qualifying_sale_cap,
    posted.bonus_points,
    cast(posted.reporting_amount + coalesce(refunded.net_amount, 0) as decimal(18, 2)) as net_amount

from posted
left join refunded
    on posted.source_system = refunded.source_system and posted.txn_id = refunded.txn_id
