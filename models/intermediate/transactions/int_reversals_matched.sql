-- One row per accepted refund, cancellation or bill credit: the sale it takes back, and how that sale was found (match_kind):
-- named, by_amount, unreferenced (the file names no originals: taken off at its own date), orphan_refund or fx_missing (both rejected).

with

transactions as (

    select * from {{ ref('int_transactions_valued') }}

    -- What the knowledge cutoff hides takes nothing back, and is not taken back.
    where fate = 'accepted' and not is_hidden

),

reversals as (

    select
        transactions._file,
        transactions._line,
        transactions.source_system,
        transactions.txn_id,
        transactions.customer_key,
        transactions.currency,
        transactions.amount,
        transactions.fx_rate,
        transactions.event_at,
        transactions.known_on,
        transactions.is_hidden,
        transactions.file_names_originals,
        transactions.source_system as sale_source_system,
        case
            when transactions.file_names_originals then transactions.original_txn_id
            else by_amount.sale_txn_id
        end as sale_txn_id

    from transactions
    left join {{ ref('int_reversals_matched_by_amount') }} as by_amount
        on transactions._file = by_amount._file and transactions._line = by_amount._line

    where transactions.txn_role = 'reversal'

),

matched as (

    select
        reversals.*,
        sales.lob as sale_lob,
        sales.category as sale_category,
        sales.currency as sale_currency,
        sales.amount as sale_amount,
        sales.quantity as sale_quantity,
        sales.fx_rate as sale_fx_rate,
        sales.margin_rate as sale_margin_rate,
        sales.event_date as sale_event_date,
        sales.known_on as sale_known_on,
        sales.is_hidden as is_sale_hidden,
        case
            when reversals.currency = '{{ var("reporting_currency") }}' then 1
            when reversals.currency = sales.currency then sales.fx_rate
            else fx_rates.rate_to_reporting
        end as fx_rate_on_sale_date

    from reversals
    left join transactions as sales
        on
            reversals.sale_source_system = sales.source_system
            and reversals.sale_txn_id = sales.txn_id
            and reversals.customer_key = sales.customer_key
            and sales.txn_role = 'sale'
    left join {{ ref('int_fx_rates_daily') }} as fx_rates
        on reversals.currency = fx_rates.currency and sales.event_date = fx_rates.rate_date

)

select
    matched.*,
    case
        when sale_amount is not null and fx_rate_on_sale_date is null then 'fx_missing'
        when sale_amount is not null and file_names_originals then 'named'
        when sale_amount is not null then 'by_amount'
        when fx_rate is null then 'fx_missing'
        when file_names_originals then 'orphan_refund'
        else 'unreferenced'
    end as match_kind,
    case
        when currency = sale_currency then amount
        else {{ ratio(wide_product('amount', 'fx_rate_on_sale_date'), 'sale_fx_rate', 2, decimals=10) }}
    end as amount_in_sale_currency

from matched
