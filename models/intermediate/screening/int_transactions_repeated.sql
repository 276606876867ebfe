-- One row per landed line of transactions whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(
    ref('stg_raw__transactions'),
    key_columns=['source_system', 'txn_id'],
    content_columns=[
        'customer_id', 'contract_id', 'order_id', 'product_id', 'category', 'original_txn_id', 'channel', 'venue_id',
        'project_id', 'partner_id', 'campaign_id', 'lob', 'txn_type', 'direction',
        'payment_status', 'currency', 'amount', 'gross_amount', 'discount_amount', 'tax_amount', 'cost_amount',
        'quantity', 'due_date', 'period_start', 'period_end', 'event_at', 'paid_at', 'recorded_at',
        'case when amount is null then amount_text end', 'case when event_at is null then event_at_text end',
        'case when lob is null then lob_text end', 'case when txn_type is null then txn_type_text end'
    ]
) }}
