-- One row per landed line of surveys whose key was delivered before: a repeat of the same content, or a conflict.

{{ repeated_rows(ref('stg_raw__surveys'), ['source_system', 'response_id']) }}
