-- One row per change of value: a sale, a refund as far as it was applied, an adjustment, a refund without a sale.
-- `value_date` says to which day it belongs, `seen_from` which review is the first to know it.

with

transactions as (

    select * from {{ ref('int_transactions_valued') }}

),

loose_refunds as (

    select
        _file,
        _line,
        case match_kind when 'orphan_refund' then 'held_refund' else 'adjustment' end as txn_role

    from {{ ref('int_reversals_matched') }}

    where
        match_kind = 'unreferenced'
        or (match_kind = 'orphan_refund' and '{{ checked_var("orphan_refund_mode", "^(hold|subtract)$") }}' = 'subtract')

),

postings as (

    select
        customer_key,
        lob,
        category,
        txn_role,
        reporting_amount as net_amount,
        contribution_amount,
        case when reporting_amount > 0 then quantity else 0 end as quantity,
        event_date as value_date,
        known_on

    from transactions

    where fate = 'accepted' and txn_role = 'sale' and not is_hidden

    union all

    select
        customer_key,
        lob,
        category,
        'sale' as txn_role,
        net_amount,
        contribution_amount,
        quantity,
        value_date,
        known_on

    from {{ ref('int_reversals_applied') }}

    where not is_hidden

    union all

    select
        transactions.customer_key,
        transactions.lob,
        transactions.category,
        coalesce(loose_refunds.txn_role, 'adjustment') as txn_role,
        transactions.txn_sign * transactions.reporting_amount as net_amount,
        transactions.txn_sign * transactions.contribution_amount as contribution_amount,
        0 as quantity,
        transactions.event_date as value_date,
        transactions.known_on

    from transactions
    left join loose_refunds
        on transactions._file = loose_refunds._file and transactions._line = loose_refunds._line

    where
        transactions.fate = 'accepted'
        and not transactions.is_hidden
        and (transactions.txn_role = 'adjustment' or loose_refunds._line is not null)

)

select
    postings.customer_key,
    postings.lob,
    postings.category,
    postings.txn_role,
    cast(postings.net_amount as decimal(18, 2)) as net_amount,
    cast(postings.contribution_amount as decimal(18, 2)) as contribution_amount,
    cast(postings.quantity as decimal(18, 3)) as quantity,
    postings.value_date,
    postings.known_on,
    calendar.first_knowledge_date as seen_from

from postings
inner join {{ ref('int_calendar') }} as calendar
    on postings.known_on = calendar.calendar_date
