-- One row per entry of an account's points: earned, reversed, spent, given back, expired, adjusted, merged or forfeited.

with

entries as (

    select
        account_key,
        customer_key,
        currency,
        entry_type,
        lob,
        'transactions' as source_table,
        source_system,
        source_id,
        partner_id,
        points,
        posted_on,
        event_date,
        available_on,
        entry_on,
        expires_on,
        multiplier,
        policy_version,
        balance_after

    from {{ ref('int_points_entries_of_sales') }}

    union all

    select
        account_key,
        customer_key,
        'redeemable' as currency,
        entry_type,
        null as lob,
        source_table,
        source_system,
        source_id,
        partner_id,
        points,
        posted_on,
        event_date,
        posted_on as available_on,
        posted_on as entry_on,
        expires_on,
        null as multiplier,
        policy_version,
        balance_after

    from {{ ref('int_points_entries_of_events') }}

)

select
    md5(
        accounts.customer_id || '|' || entries.source_table || '|' || entries.source_system || '|' || entries.source_id || '|'
        || entries.currency || '|' || entries.entry_type
    ) as entry_id,
    accounts.customer_id as account_id,
    customers.customer_id,
    entries.currency,
    entries.entry_type,
    entries.lob,
    entries.source_table,
    entries.source_system,
    entries.source_id,
    entries.partner_id,
    cast(entries.points as bigint) as points,
    entries.posted_on,
    entries.event_date,
    entries.available_on,
    entries.entry_on,
    entries.expires_on,
    cast(entries.multiplier as decimal(18, 8)) as multiplier,
    entries.policy_version,
    entries.balance_after

from entries
inner join {{ ref('int_customers_keyed') }} as accounts
    on entries.account_key = accounts.customer_key
inner join {{ ref('int_customers_keyed') }} as customers
    on entries.customer_key = customers.customer_key
