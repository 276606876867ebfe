-- One row per landed transaction line: absent columns filled in, repairs made, and its fate with the rule that decided it.
{% set passed_on = [
    '_file', '_line', 'source_system', 'txn_id', 'customer_id', 'customer_key', 'contract_id', 'order_id', 'product_id', 'category',
    'original_txn_id', 'txn_role', 'txn_sign', 'payment_status', 'channel', 'venue_id', 'project_id', 'partner_id', 'campaign_id',
    'fx_rate', 'gross_amount', 'discount_amount', 'event_at', 'event_date', 'recorded_at', 'due_date', 'file_names_originals', 'rejected_by'
] %}

with

transactions as (

    select
        stg_transactions.*,
        {{ business_date('stg_transactions.event_at') }} as event_date,
        {{ business_date('stg_transactions.recorded_at') }} as recorded_on,
        case when stg_transactions.lob_text is null then '{{ default_lob() }}' else stg_transactions.lob end as filled_lob,
        case
            when stg_transactions.txn_type_text is not null then stg_transactions.txn_type
            when stg_transactions.amount < 0 then 'refund'
            else 'purchase'
        end as filled_txn_type,
        coalesce(stg_transactions.currency, '{{ checked_var("reporting_currency", "^[A-Z]{3}$") }}') as filled_currency,
        coalesce(stg_transactions.quantity, 1) as filled_quantity,
        ',' || files.column_names || ',' like '%,original_txn_id,%' as file_names_originals,
        ',' || files.column_names || ',' like '%,lob,%' as file_names_lobs

    from {{ ref('stg_raw__transactions') }} as stg_transactions
    left join {{ ref('stg_raw__landed_files') }} as files on stg_transactions._file = files._file

),

looked_up as (

    select
        transactions.*,
        customers.customer_key,
        repeats.verdict as repeat_verdict,
        clock.as_of_date,
        case when transactions.payment_status = 'void' then 'none' else txn_types.role end as txn_role,
        case when transactions.payment_status = 'void' then 0 else txn_types.sign end as txn_sign,
        case when transactions.filled_currency = '{{ var("reporting_currency") }}' then 1 else fx_rates.rate_to_reporting end as fx_rate

    from transactions
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_customers_keyed') }} as customers on transactions.customer_id = customers.customer_id
    left join {{ ref('int_transactions_repeated') }} as repeats on transactions._file = repeats._file and transactions._line = repeats._line
    left join {{ ref('policy_txn_types') }} as txn_types
        on
            transactions.filled_txn_type = txn_types.txn_type
            and (txn_types.direction is null or transactions.direction = txn_types.direction)
    left join {{ ref('int_fx_rates_daily') }} as fx_rates
        on transactions.filled_currency = fx_rates.currency and transactions.event_date = fx_rates.rate_date

),

judged as (

    select
        looked_up.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'txn_id_missing': 'txn_id is null',
            'customer_id_missing': 'customer_id is null',
            'id_too_long': 'length(txn_id) > 64 or length(customer_id) > 64',
            'event_at_unparsable': 'event_at is null',
            'amount_unparsable': 'amount is null',
            'txn_type_unknown': 'filled_txn_type is null',
            'lob_unknown': 'filled_lob is null',
            'lob_missing': 'lob_text is null and file_names_lobs',
            'currency_unknown': 'not ' ~ matches('filled_currency', '^[A-Z]{3}$'),
            'direction_missing': "filled_txn_type = 'adjustment' and direction is null",
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'amount_out_of_range': 'abs(amount) >= 100000000000',
            'negative_amount': "amount < 0 and filled_txn_type not in ('refund', 'cancellation', 'bill_credit')",
            'quantity_negative': 'quantity < 0',
            'period_reversed': 'period_end < period_start',
            'orphan_customer': 'customer_key is null',
            'fx_missing': "fx_rate is null and txn_role <> 'reversal'",
        }) }} as rejected_by

    from looked_up

)

select
    {{ passed_on | join(',\n    ') }},
    filled_lob as lob,
    filled_txn_type as txn_type,
    filled_currency as currency,
    abs(amount) as amount,
    case when amount < 0 then -cost_amount else cost_amount end as cost_amount,
    filled_quantity as quantity,
    greatest(event_date, coalesce(recorded_on, event_date)) as known_on,
    {{ is_hidden_by_cutoff('coalesce(recorded_at, event_at)') }} as is_hidden,
    case
        when paid_at >= timestamp '1990-01-01 00:00:00' then {{ business_date('paid_at') }}
        when payment_status = 'paid' or (coalesce(payment_status, payment_status_text) is null and due_date is null) then event_date
    end as paid_on,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    {{ broken_rules({
        'negative_reversal': 'amount < 0 and txn_type_text is not null',
        'amount_cleaned': 'not ' ~ is_plain_number('amount_text'),
        'amount_rounded': is_money_rounded('amount_text', 'amount'),
        'currency_alias': "upper(currency_text) = 'RMB'",
        'quantity_unparsable': 'quantity is null and quantity_text is not null',
        'recorded_at_unparsable': 'recorded_at is null and recorded_at_text is not null',
        'paid_at_too_old': "paid_at < timestamp '1990-01-01 00:00:00'",
        'payment_status_unknown': 'payment_status is null and payment_status_text is not null',
        'amount_mismatch': 'abs(gross_amount - coalesce(discount_amount, 0) - abs(amount)) > 0.01',
        'value_unreadable': any_unreadable([
            'paid_at', 'due_date', 'period_start', 'period_end', 'gross_amount', 'discount_amount', 'tax_amount', 'cost_amount'
        ]),
    }) }} as noted_rules

from judged
