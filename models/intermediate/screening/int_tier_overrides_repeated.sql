-- One row per landed line of overrides whose key was delivered before: a repeat of the same content, or, recorded at one time, a conflict.

{{ repeated_rows(
    ref('stg_raw__tier_overrides'),
    key_columns=['source_system', 'override_id'],
    content_columns=[
        'customer_id', 'axis', 'kind', 'tier', 'reason_code', 'reason_text', 'requested_by', 'approved_by', 'valid_from', 'valid_to',
        'requested_at', 'approved_at', 'revoked_at', 'recorded_at'
    ],
    version_column='recorded_at'
) }}
