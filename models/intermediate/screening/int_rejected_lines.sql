-- One row per delivered line that landing could not shape into fields.

select
    source_table,
    _file,
    _line,
    rule_id

from {{ ref('stg_raw__rejected_lines') }}
