-- One row per landed line of complaints whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(ref('stg_raw__complaints'), ['source_system', 'complaint_id']) }}
