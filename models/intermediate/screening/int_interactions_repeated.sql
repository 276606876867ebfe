-- One row per landed line of interactions whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(ref('stg_raw__interactions'), ['source_system', 'interaction_id']) }}
