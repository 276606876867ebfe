-- One row per delivered file: how many rows it brought and what landing made of them.

select
    source_table,
    _file,
    delivered_row_count,
    landed_row_count,
    rejected_line_count,
    is_repeat

from {{ ref('stg_raw__landed_files') }}
