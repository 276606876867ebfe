-- One row per landed line of surveys whose key was delivered before: a repeat of the same content, or, recorded at one time, a conflict.

{{ repeated_rows(
    ref('stg_raw__surveys'),
    key_columns=['source_system', 'response_id'],
    content_columns=[
        'invitation_id', 'survey_id', 'question_code', 'customer_id', 'txn_id', 'agent_id', 'survey_type', 'scale',
        'lob', 'channel', 'callback_outcome', 'score', 'attempt_number', 'invited_at', 'responded_at', 'recorded_at'
    ],
    version_column='recorded_at'
) }}
