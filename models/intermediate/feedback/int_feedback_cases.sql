-- One row per accepted praise, suggestion or complaint: what its row says, and the review that first knew it.

with

cases as (

    select
        screened.*,
        {{ business_date('screened.created_at') }} as created_date,
        {{ business_date('screened.recorded_at') }} as recorded_on

    from {{ ref('int_complaints_screened') }} as screened

    where
        screened.fate = 'accepted'
        and screened.feedback_type in ('praise', 'suggestion', 'complaint')
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.created_at)') }}, false)

),

dated as (

    select
        cases.*,
        greatest(cases.created_date, coalesce(cases.recorded_on, cases.created_date)) as known_on

    from cases

)

select
    dated.source_system,
    dated.complaint_id,
    dated.customer_key,
    dated.feedback_type,
    dated.category,
    dated.lob,
    dated.channel,
    dated.status as row_status,
    dated.severity,
    dated.incident_id,
    dated.closure_rating,
    dated.created_at,
    dated.first_response_at,
    dated.resolved_at,
    dated.closed_at,
    dated.recorded_at,
    dated.created_date,
    {{ business_date('dated.first_response_at') }} as first_response_date,
    {{ business_date('coalesce(dated.closed_at, dated.resolved_at)') }} as rated_on,
    case
        when dated.feedback_type = 'suggestion' and dated.is_adopted
            then {{ business_date('coalesce(dated.closed_at, dated.resolved_at, dated.created_at)') }}
    end as adopted_on,
    dated.known_on,
    calendar.first_knowledge_date as seen_from

from dated
inner join {{ ref('int_calendar') }} as calendar
    on dated.known_on = calendar.calendar_date
