-- One row per review date and complaint known by then: its severity, at least major where its incident hit several customers.

with

complaints as (

    select
        states.as_of_date,
        states.source_system,
        states.complaint_id,
        cases.customer_key,
        cases.severity,
        cases.incident_id,
        states.is_void

    from {{ ref('int_feedback_states') }} as states
    inner join {{ ref('int_feedback_cases') }} as cases
        on
            states.source_system = cases.source_system
            and states.complaint_id = cases.complaint_id
            and states.version_number = cases.version_number

    where cases.feedback_type = 'complaint'

),

group_incidents as (

    select
        as_of_date,
        source_system,
        incident_id

    from complaints

    where incident_id is not null and not is_void

    group by as_of_date, source_system, incident_id

    having count(distinct customer_key) >= 2

)

select
    complaints.as_of_date,
    complaints.source_system,
    complaints.complaint_id,
    case
        when complaints.severity = 'minor' and group_incidents.incident_id is not null then 'major'
        else complaints.severity
    end as severity

from complaints
left join group_incidents
    on
        complaints.as_of_date = group_incidents.as_of_date
        and complaints.source_system = group_incidents.source_system
        and complaints.incident_id = group_incidents.incident_id
