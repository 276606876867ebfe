-- Screening loses and multiplies nothing: every landed line of a table that is read has exactly one fate.

with

judged as (

    select
        source_table,
        _file,
        count(*) as judged_row_count,
        sum(case when fate in ('accepted', 'rejected', 'duplicate') then 1 else 0 end) as fated_row_count

    from {{ ref('int_rows_judged') }}

    group by source_table, _file

)

select
    files.source_table,
    files._file,
    files.landed_row_count,
    judged.judged_row_count

from {{ ref('int_landed_files') }} as files
left join judged
    on files.source_table = judged.source_table and files._file = judged._file

where
    files.source_table in {{ read_tables() }}
    and not files.is_repeat
    and (
        files.landed_row_count <> coalesce(judged.judged_row_count, 0)
        or judged.judged_row_count <> judged.fated_row_count
    )
