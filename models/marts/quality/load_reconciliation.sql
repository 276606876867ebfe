-- One row per delivered file: delivered rows = accepted + rejected + exact duplicates. Tables that no model reads yet count as accepted.

with

fates as (

    select
        source_table,
        _file,
        sum(case when fate = 'accepted' then 1 else 0 end) as accepted_row_count,
        sum(case when fate = 'rejected' then 1 else 0 end) as rejected_row_count,
        sum(case when fate = 'duplicate' then 1 else 0 end) as duplicate_row_count

    from {{ ref('int_rows_judged') }}

    group by source_table, _file

)

select
    files.source_table,
    files._file as file,
    cast(files.delivered_row_count as bigint) as delivered_row_count,
    cast(
        case
            when files.is_repeat then 0
            when files.source_table not in {{ read_tables() }} then files.landed_row_count
            else coalesce(fates.accepted_row_count, 0)
        end as bigint
    ) as accepted_row_count,
    cast(
        case when files.is_repeat then 0 else coalesce(fates.rejected_row_count, 0) + files.rejected_line_count end as bigint
    ) as rejected_row_count,
    cast(
        case when files.is_repeat then files.delivered_row_count else coalesce(fates.duplicate_row_count, 0) end as bigint
    ) as duplicate_row_count

from {{ ref('int_landed_files') }} as files
left join fates
    on files.source_table = fates.source_table and files._file = fates._file
