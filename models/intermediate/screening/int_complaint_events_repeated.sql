-- One row per landed complaint event that says the same as one before it: an event has no key, its content tells it apart.

with

numbered as (

    select
        _file,
        _line,
        row_number() over (
            partition by source_system, complaint_id, event_at, to_status, from_status, recorded_at
            order by _file, _line
        ) as copy_number

    from {{ ref('stg_raw__complaint_events') }}

    where complaint_id is not null

)

select
    _file,
    _line,
    'repeat' as verdict

from numbered

where copy_number > 1
