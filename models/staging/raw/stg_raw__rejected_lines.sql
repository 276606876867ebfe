-- One row per delivered line that had no shape to be read by: landing set it aside before any SQL.

with

rejected_lines as (

    select * from {{ source('raw', 'rejected_lines') }}

)

select
    source_table,
    _file,
    _line,
    rule_id,
    row_hash

from rejected_lines
