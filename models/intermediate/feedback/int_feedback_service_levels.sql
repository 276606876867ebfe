-- One row per review date and complaint known by then: was it answered or resolved later than its severity allows?

with

complaints as (

    select
        states.as_of_date,
        states.source_system,
        states.complaint_id,
        cases.created_at,
        states.resolution_seconds,
        coalesce(
            case when cases.first_response_date <= states.as_of_date then cases.first_response_at end,
            states.resolved_at,
            states.review_ends_at
        ) as answered_at

    from {{ ref('int_feedback_states') }} as states
    inner join {{ ref('int_feedback_cases') }} as cases
        on
            states.source_system = cases.source_system
            and states.complaint_id = cases.complaint_id
            and states.version_number = cases.version_number

    where cases.feedback_type = 'complaint'

)

select
    complaints.as_of_date,
    complaints.source_system,
    complaints.complaint_id,
    severities.severity,
    sla.points as severity_points,
    (
        {{ seconds_between('complaints.created_at', 'complaints.answered_at') }} > sla.first_response_hours * 3600
        or complaints.resolution_seconds > sla.resolution_hours * 3600
    ) as is_sla_missed

from complaints
inner join {{ ref('int_feedback_severities') }} as severities
    on
        complaints.as_of_date = severities.as_of_date
        and complaints.source_system = severities.source_system
        and complaints.complaint_id = severities.complaint_id
inner join {{ ref('policy_sla') }} as sla
    on severities.severity = sla.severity and {{ in_force('sla', 'complaints.as_of_date') }}
