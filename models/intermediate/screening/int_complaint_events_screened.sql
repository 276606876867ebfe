-- One row per landed change of status of a complaint: its fate (accepted, rejected or duplicate) with the rule.

with

cases as (

    select distinct
        source_system,
        complaint_id

    from {{ ref('int_complaints_screened') }}

    where fate = 'accepted'

),

events as (

    select
        stg_events.*,
        clock.as_of_date,
        {{ business_date('stg_events.event_at') }} as event_date,
        cases.complaint_id as case_id,
        repeats.verdict as repeat_verdict

    from {{ ref('stg_raw__complaint_events') }} as stg_events
    cross join {{ ref('int_as_of_date') }} as clock
    left join cases
        on stg_events.source_system = cases.source_system and stg_events.complaint_id = cases.complaint_id
    left join {{ ref('int_complaint_events_repeated') }} as repeats
        on stg_events._file = repeats._file and stg_events._line = repeats._line

),

judged as (

    select
        events.*,
        {{ first_broken_rule({
            'complaint_id_missing': 'complaint_id is null',
            'event_at_unparsable': 'event_at is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'to_status_unknown': 'to_status is null',
            'orphan_complaint': 'case_id is null',
        }) }} as rejected_by

    from events

)

select
    _file,
    _line,
    source_system,
    complaint_id,
    from_status,
    to_status,
    event_at,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({'value_unreadable': any_unreadable(['from_status', 'recorded_at'])}) }} as noted_rules

from judged
