-- One row per landed transaction line: text made typed, nothing judged. A value that could not be read is null beside its text.
{% set columns = [
    'txn_id', 'customer_id', 'contract_id', 'order_id', 'lob', 'product_id', 'category', 'txn_type', 'direction', 'original_txn_id',
    'event_at', 'paid_at', 'due_date', 'period_start', 'period_end', 'quantity', 'gross_amount', 'discount_amount', 'tax_amount', 'amount',
    'currency', 'cost_amount', 'channel', 'venue_id', 'project_id', 'partner_id', 'campaign_id', 'payment_status', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _landed_at,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'transactions') }}

),

typed as (

    select
        _file,
        _line,
        txn_id,
        customer_id,
        contract_id,
        order_id,
        product_id,
        category,
        original_txn_id,
        channel,
        venue_id,
        project_id,
        partner_id,
        campaign_id,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('lob', 'lob') }} as lob,
        lob as lob_text,
        {{ parse_code('txn_type', 'txn_type') }} as txn_type,
        txn_type as txn_type_text,
        {{ parse_code('direction', 'direction') }} as direction,
        {{ parse_code('payment_status', 'payment_status') }} as payment_status,
        payment_status as payment_status_text,
        case upper(currency) when 'RMB' then 'CNY' else upper(currency) end as currency,
        currency as currency_text,
        {{ parse_money('amount') }} as amount,
        amount as amount_text,
        {{ parse_money('gross_amount') }} as gross_amount,
        gross_amount as gross_amount_text,
        {{ parse_money('discount_amount') }} as discount_amount,
        discount_amount as discount_amount_text,
        {{ parse_money('tax_amount') }} as tax_amount,
        tax_amount as tax_amount_text,
        {{ parse_money('cost_amount') }} as cost_amount,
        cost_amount as cost_amount_text,
        {{ parse_number('quantity', 'decimal(18, 3)') }} as quantity,
        quantity as quantity_text,
        {{ parse_date('due_date') }} as due_date,
        due_date as due_date_text,
        {{ parse_date('period_start') }} as period_start,
        period_start as period_start_text,
        {{ parse_date('period_end') }} as period_end,
        period_end as period_end_text,
        {{ parse_timestamp('event_at') }} as event_at,
        event_at as event_at_text,
        {{ parse_timestamp('paid_at') }} as paid_at,
        paid_at as paid_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        cast(_landed_at as timestamp) as landed_at

    from landed

)

select * from typed
