-- One row per customer: from which review on it is known, by the dates of its own rows or by its first transaction.

with

own_dates as (

    select
        customer_id,
        -- A row without any date is taken to have been there all along.
        bool_or(version_at is null) as is_known_always,
        {{ business_date('min(least(created_at, updated_at, recorded_at))') }} as known_on

    from {{ ref('int_customers_screened') }}

    where fate = 'accepted' and not coalesce({{ is_hidden_by_cutoff('version_at') }}, false)

    group by customer_id

),

transactions as (

    select
        customer_key,
        min(known_on) as known_on

    from {{ ref('int_transactions_valued') }}

    where fate = 'accepted' and txn_role <> 'reversal' and not is_hidden

    group by customer_key

),

reversals as (

    select
        customer_key,
        min(known_on) as known_on

    from {{ ref('int_reversals_matched') }}

    where match_kind in ('named', 'by_amount', 'unreferenced') and not is_hidden

    group by customer_key

),

first_dates as (

    select
        keys.customer_key,
        keys.customer_id,
        case
            when own_dates.is_known_always then date '1990-01-01'
            else least(own_dates.known_on, transactions.known_on, reversals.known_on)
        end as known_on

    from {{ ref('int_customers_keyed') }} as keys
    left join own_dates
        on keys.customer_id = own_dates.customer_id
    left join transactions
        on keys.customer_key = transactions.customer_key
    left join reversals
        on keys.customer_key = reversals.customer_key

)

select
    first_dates.customer_key,
    first_dates.customer_id,
    calendar.first_knowledge_date as seen_from

from first_dates
left join {{ ref('int_calendar') }} as calendar
    on
        calendar.calendar_date = greatest(first_dates.known_on, date '1990-01-01')
        and first_dates.known_on is not null
