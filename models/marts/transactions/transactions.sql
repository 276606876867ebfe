-- One row per accepted transaction: what it was worth, what refunds left of it, and its recognised value, at the as-of date.

with

refunds as (

    select
        reversals.sale_source_system,
        reversals.sale_txn_id,
        sum(reversals.applied_amount) as refunded_amount,
        sum(reversals.net_amount) as net_change,
        sum(reversals.contribution_amount) as contribution_change

    from {{ ref('int_reversals_applied') }} as reversals
    inner join {{ ref('int_as_of_date') }} as clock
        on reversals.known_on <= clock.as_of_date

    where not reversals.is_hidden

    group by reversals.sale_source_system, reversals.sale_txn_id

),

valued as (

    select
        transactions.*,
        clock.as_of_date,
        matched.match_kind,
        matched.sale_txn_id,
        coalesce(applied.unapplied_amount, 0) as unapplied_refund_amount,
        coalesce(refunds.refunded_amount, 0) as refunded_amount,
        case
            when transactions.txn_role = 'sale' then transactions.reporting_amount + coalesce(refunds.net_change, 0)
            when transactions.txn_role = 'adjustment' or matched.match_kind = 'unreferenced'
                then transactions.txn_sign * transactions.reporting_amount
            else 0
        end as net_amount,
        case
            when transactions.txn_role = 'sale' then transactions.contribution_amount + coalesce(refunds.contribution_change, 0)
            when transactions.txn_role = 'adjustment' or matched.match_kind = 'unreferenced'
                then transactions.txn_sign * transactions.contribution_amount
            else 0
        end as net_contribution_amount,
        {{ add_months('transactions.event_date', 'lobs.recognition_months') }} as recognised_until,
        transactions.known_on <= clock.as_of_date and not transactions.is_hidden as is_known

    from {{ ref('int_transactions_valued') }} as transactions
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('policy_lobs') }} as lobs
        on transactions.lob = lobs.lob and {{ in_force('lobs', 'transactions.event_date') }}
    left join refunds
        on
            transactions.source_system = refunds.sale_source_system
            and transactions.txn_id = refunds.sale_txn_id
            and transactions.txn_role = 'sale'
    left join {{ ref('int_reversals_matched') }} as matched
        on transactions._file = matched._file and transactions._line = matched._line
    left join {{ ref('int_reversals_applied') }} as applied
        on transactions._file = applied._file and transactions._line = applied._line

    where transactions.fate = 'accepted' and coalesce(matched.match_kind, '') not in ('orphan_refund', 'fx_missing')

)

select
    source_system,
    txn_id,
    customer_id,
    lob,
    category,
    product_id,
    txn_type,
    txn_role,
    payment_status,
    contract_id,
    order_id,
    coalesce(sale_txn_id, original_txn_id) as original_txn_id,
    channel,
    venue_id,
    project_id,
    partner_id,
    campaign_id,
    currency,
    cast(quantity as decimal(18, 3)) as quantity,
    cast(amount as decimal(18, 2)) as amount,
    cast(fx_rate as decimal(18, 8)) as fx_rate,
    cast(coalesce(reporting_amount, 0) as decimal(18, 2)) as reporting_amount,
    cast(refunded_amount as decimal(18, 2)) as refunded_amount,
    cast(unapplied_refund_amount as decimal(18, 2)) as unapplied_refund_amount,
    cast(case when is_known then net_amount else 0 end as decimal(18, 2)) as net_amount,
    cast(margin_rate as decimal(18, 6)) as margin_rate,
    cast(case when is_known then net_contribution_amount else 0 end as decimal(18, 2)) as contribution_amount,
    cast(
        case
            when is_known and recognised_until > {{ add_days('as_of_date', -364) }} then {{ ratio(
                'net_contribution_amount * ' ~ days_between(
                    'greatest(event_date, ' ~ add_days('as_of_date', -364) ~ ')',
                    'least(recognised_until, ' ~ add_days('as_of_date', 1) ~ ')'
                ),
                days_between('event_date', 'recognised_until'),
                4,
                decimals=2
            ) }}
            else 0
        end as decimal(18, 4)
    ) as recognised_12m_amount,
    is_margin_assumed,
    is_known,
    event_date,
    known_on,
    paid_on,
    due_date,
    event_at,
    recorded_at

from valued
