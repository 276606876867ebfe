-- One row per landed transaction line whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(ref('stg_raw__transactions'), ['source_system', 'txn_id']) }}
