-- One row per delivered file: how many rows it brought and what landing made of them.

with

landed_files as (

    select * from {{ source('raw', 'landed_files') }}

)

select
    source_table,
    file as _file,
    sha256,
    column_names,
    delivered_row_count,
    landed_row_count,
    rejected_line_count,
    is_repeat

from landed_files
