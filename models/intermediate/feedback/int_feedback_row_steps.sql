-- One row per version of a case and step that its row tells: raised, resolved, closed or void, and opened again.

with

cases as (

    select * from {{ ref('int_feedback_cases') }}

)

select
    source_system,
    complaint_id,
    version_number,
    'open' as status,
    false as is_reopening,
    created_at as step_at

from cases

union all

select
    source_system,
    complaint_id,
    version_number,
    'resolved' as status,
    false as is_reopening,
    resolved_at as step_at

from cases

where resolved_at is not null

union all

select
    source_system,
    complaint_id,
    version_number,
    row_status as status,
    false as is_reopening,
    coalesce(closed_at, resolved_at, created_at) as step_at

from cases

where row_status in ('withdrawn', 'unfounded')

union all

select
    source_system,
    complaint_id,
    version_number,
    'closed' as status,
    false as is_reopening,
    closed_at as step_at

from cases

where closed_at is not null and coalesce(row_status, 'open') not in ('withdrawn', 'unfounded')

union all

select
    source_system,
    complaint_id,
    version_number,
    'resolved' as status,
    false as is_reopening,
    coalesce(recorded_at, created_at) as step_at

from cases

where row_status in ('resolved', 'closed') and resolved_at is null and closed_at is null

union all

-- The row has an end and yet goes on: it was opened again, after that end.
select
    source_system,
    complaint_id,
    version_number,
    row_status as status,
    true as is_reopening,
    greatest(
        coalesce(resolved_at, closed_at), coalesce(closed_at, resolved_at), coalesce(recorded_at, resolved_at, closed_at)
    ) as step_at

from cases

where row_status in ('open', 'in_progress', 'pending_customer') and (resolved_at is not null or closed_at is not null)
