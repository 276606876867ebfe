-- One row per knowledge date and customer with a deposit of late that was neither returned nor followed by a purchase of its line.

with

movements as (

    select
        transactions.customer_key,
        transactions.lob,
        transactions.txn_type,
        transactions.event_at,
        transactions.event_date,
        calendar.first_knowledge_date as seen_from

    from {{ ref('int_transactions_valued') }} as transactions
    inner join {{ ref('int_calendar') }} as calendar
        on transactions.known_on = calendar.calendar_date

    where
        transactions.fate = 'accepted'
        and not transactions.is_hidden
        and transactions.txn_type in ('deposit', 'deposit_return')
        and coalesce(transactions.payment_status, '') <> 'void'

),

-- Where the last deposit in a line is undone, so are those before it.
deposits as (

    select
        policy.as_of_date,
        movements.customer_key,
        movements.lob,
        max(case when movements.txn_type = 'deposit' then movements.event_date end) as deposit_date

    from movements
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on movements.seen_from <= policy.as_of_date

    group by policy.as_of_date, policy.firm_days, movements.customer_key, movements.lob

    having
        max(case when movements.txn_type = 'deposit' then movements.event_date end)
        > {{ add_days('policy.as_of_date', '-policy.firm_days') }}
        and coalesce(
            max(case when movements.txn_type = 'deposit' then movements.event_at end)
            > max(case when movements.txn_type = 'deposit_return' then movements.event_at end),
            true
        )

)

select distinct
    deposits.as_of_date,
    deposits.customer_key

from deposits
left join {{ ref('int_occasions') }} as occasions
    on
        deposits.customer_key = occasions.customer_key
        and deposits.lob = occasions.lob
        and deposits.deposit_date <= occasions.occasion_date
        and occasions.seen_from <= deposits.as_of_date
        and (occasions.seen_until is null or deposits.as_of_date < occasions.seen_until)

where occasions.customer_key is null
