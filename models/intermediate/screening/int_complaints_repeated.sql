-- One row per landed line of complaints whose key was delivered before: a repeat of the same content, or, recorded at one time, a conflict.

{{ repeated_rows(
    ref('stg_raw__complaints'),
    key_columns=['source_system', 'complaint_id'],
    content_columns=[
        'customer_id', 'category', 'sub_category', 'channel', 'incident_id', 'feedback_type', 'lob', 'severity',
        'status', 'closure_rating', 'compensation_amount', 'is_adopted', 'created_at', 'first_response_at',
        'resolved_at', 'closed_at', 'recorded_at'
    ],
    version_column='recorded_at'
) }}
