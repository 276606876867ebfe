-- One row per landed line of expert scores whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(
    ref('stg_raw__expert_scores'),
    key_columns=['source_system', 'score_id'],
    content_columns=['expert_id', 'customer_id', 'dimension', 'score', 'round_number', 'scored_at', 'recorded_at']
) }}
