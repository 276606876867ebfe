-- One row per accepted version of a praise, suggestion or complaint: what its row says, and the reviews that see it as the last one
-- (from seen_from until before seen_until).

with

cases as (

    select
        screened.*,
        {{ business_date('screened.created_at') }} as created_date,
        {{ business_date('screened.recorded_at') }} as recorded_on

    from {{ ref('int_complaints_screened') }} as screened

    where
        screened.fate = 'accepted'
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.created_at)') }}, false)

),

dated as (

    select
        cases.*,
        greatest(cases.created_date, coalesce(cases.recorded_on, cases.created_date)) as known_on

    from cases

),

seen as (

    select
        dated.*,
        calendar.first_knowledge_date as seen_from

    from dated
    inner join {{ ref('int_calendar') }} as calendar
        on dated.known_on = calendar.calendar_date

),

versions as (

    select
        seen.*,
        row_number() over (partition by source_system, complaint_id order by recorded_at nulls first) as version_number,
        {{ replaced_from(['source_system', 'complaint_id']) }} as seen_until

    from seen

)

select
    source_system,
    complaint_id,
    version_number,
    customer_key,
    feedback_type,
    category,
    lob,
    channel,
    status as row_status,
    severity,
    incident_id,
    closure_rating,
    created_at,
    first_response_at,
    resolved_at,
    closed_at,
    recorded_at,
    created_date,
    {{ business_date('first_response_at') }} as first_response_date,
    {{ business_date('coalesce(closed_at, resolved_at)') }} as rated_on,
    case
        when feedback_type = 'suggestion' and is_adopted
            then {{ business_date('coalesce(closed_at, resolved_at, created_at)') }}
    end as adopted_on,
    known_on,
    seen_from,
    seen_until

from versions

where feedback_type in ('praise', 'suggestion', 'complaint')
