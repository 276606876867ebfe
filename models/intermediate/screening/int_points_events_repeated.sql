-- One row per landed line of points events whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(
    ref('stg_raw__points_events'),
    key_columns=['source_system', 'event_id'],
    content_columns=[
        'customer_id', 'event_type', 'points', 'direction', 'original_event_id', 'event_at', 'partner_id', 'reason', 'approved_by',
        'recorded_at'
    ]
) }}
