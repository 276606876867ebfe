-- One row per case, moment and status: a step of the case, as its row or an event says, with the review that first knew it.

with

cases as (

    select * from {{ ref('int_feedback_cases') }}

),

row_steps as (

    select
        source_system,
        complaint_id,
        created_at as step_at,
        'open' as status,
        false as is_reopening

    from cases

    union all

    select
        source_system,
        complaint_id,
        resolved_at as step_at,
        'resolved' as status,
        false as is_reopening

    from cases

    where resolved_at is not null

    union all

    select
        source_system,
        complaint_id,
        coalesce(closed_at, resolved_at, created_at) as step_at,
        row_status as status,
        false as is_reopening

    from cases

    where row_status in ('withdrawn', 'unfounded')

    union all

    select
        source_system,
        complaint_id,
        closed_at as step_at,
        'closed' as status,
        false as is_reopening

    from cases

    where closed_at is not null and coalesce(row_status, 'open') not in ('withdrawn', 'unfounded')

    union all

    select
        source_system,
        complaint_id,
        coalesce(recorded_at, created_at) as step_at,
        'resolved' as status,
        false as is_reopening

    from cases

    where row_status in ('resolved', 'closed') and resolved_at is null and closed_at is null

    union all

    -- The row has an end and yet goes on: it was opened again, after that end.
    select
        source_system,
        complaint_id,
        greatest(
            coalesce(resolved_at, closed_at), coalesce(closed_at, resolved_at), coalesce(recorded_at, resolved_at, closed_at)
        ) as step_at,
        row_status as status,
        true as is_reopening

    from cases

    where row_status in ('open', 'in_progress', 'pending_customer') and (resolved_at is not null or closed_at is not null)

),

steps as (

    select
        source_system,
        complaint_id,
        step_at,
        status,
        is_reopening,
        {{ business_date('step_at') }} as known_on

    from row_steps

    union all

    select
        source_system,
        complaint_id,
        event_at as step_at,
        to_status as status,
        false as is_reopening,
        {{ business_date('greatest(event_at, coalesce(recorded_at, event_at))') }} as known_on

    from {{ ref('int_complaint_events_screened') }}

    where
        fate = 'accepted'
        and not coalesce({{ is_hidden_by_cutoff('coalesce(recorded_at, event_at)') }}, false)

)

select
    steps.source_system,
    steps.complaint_id,
    steps.status,
    steps.is_reopening,
    -- An end may come without a time of day, at the midnight before the case was raised.
    greatest(steps.step_at, cases.created_at) as step_at,
    cases.created_at,
    min(calendar.first_knowledge_date) as seen_from

from steps
inner join cases
    on steps.source_system = cases.source_system and steps.complaint_id = cases.complaint_id
inner join {{ ref('int_calendar') }} as calendar
    on greatest(steps.known_on, cases.known_on) = calendar.calendar_date

group by
    steps.source_system, steps.complaint_id, steps.status, greatest(steps.step_at, cases.created_at), cases.created_at,
    steps.is_reopening
