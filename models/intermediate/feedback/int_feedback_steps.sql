-- One row per version of a case, moment and status: a step of the case, as its row or an event says, with the review that first knew it.

with

steps as (

    select
        source_system,
        complaint_id,
        version_number,
        step_at,
        status,
        is_reopening,
        {{ business_date('step_at') }} as known_on

    from {{ ref('int_feedback_row_steps') }}

    union all

    select
        source_system,
        complaint_id,
        -- An event belongs to the case, whatever version of it is known.
        cast(null as bigint) as version_number,
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
    cases.version_number,
    steps.status,
    steps.is_reopening,
    -- An end may come without a time of day, at the midnight before the case was raised.
    greatest(steps.step_at, cases.created_at) as step_at,
    cases.created_at,
    min(calendar.first_knowledge_date) as seen_from,
    cases.seen_until

from steps
inner join {{ ref('int_feedback_cases') }} as cases
    on
        steps.source_system = cases.source_system
        and steps.complaint_id = cases.complaint_id
        and coalesce(steps.version_number, cases.version_number) = cases.version_number
inner join {{ ref('int_calendar') }} as calendar
    on greatest(steps.known_on, cases.known_on) = calendar.calendar_date

group by
    steps.source_system, steps.complaint_id, cases.version_number, steps.status, greatest(steps.step_at, cases.created_at),
    cases.created_at, cases.seen_until, steps.is_reopening
