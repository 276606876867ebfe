-- One row per landed line of interactions whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(
    ref('stg_raw__interactions'),
    key_columns=['source_system', 'interaction_id'],
    content_columns=[
        'customer_id', 'anonymous_id', 'channel', 'project_id', 'venue_id', 'interaction_value', 'campaign_id',
        'sales_person_id', 'event_type_text', 'duration_s', 'event_at', 'recorded_at'
    ]
) }}
