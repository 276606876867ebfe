-- One row per accepted version of a survey row: what came of the contact, its answer if there is one, and the reviews that see it as
-- the last one (from seen_from until before seen_until).

with

surveys as (

    select
        screened.*,
        coalesce(screened.responded_at, screened.recorded_at, screened.invited_at) as answered_at,
        coalesce(screened.invited_at, screened.responded_at, screened.recorded_at) as asked_at

    from {{ ref('int_surveys_screened') }} as screened

    where screened.fate = 'accepted'

),

dated as (

    select
        surveys.*,
        -- A refusal, too, is known when it is given, not when the customer was asked.
        coalesce(
            surveys.responded_at, case when surveys.score is not null then surveys.answered_at else surveys.asked_at end
        ) as event_at,
        {{ business_date('surveys.asked_at') }} as asked_on

    from surveys

),

seen as (

    select
        dated.*,
        calendar.first_knowledge_date as seen_from

    from dated
    inner join {{ ref('int_calendar') }} as calendar
        on
            greatest({{ business_date('dated.event_at') }}, {{ business_date('coalesce(dated.recorded_at, dated.event_at)') }})
            = calendar.calendar_date

    where not coalesce({{ is_hidden_by_cutoff('coalesce(dated.recorded_at, dated.event_at)') }}, false)

)

select
    source_system,
    response_id,
    invitation_id,
    survey_id,
    customer_key,
    survey_type,
    scale,
    coalesce(question_code, 'overall') as question_code,
    lob,
    txn_id,
    channel,
    callback_outcome,
    case
        when score is not null then 'answered'
        when callback_outcome = 'wrong_number' then 'wrong_number'
        when callback_outcome in ('no_answer', 'busy', 'unreachable') then 'not_reached'
        when callback_outcome is not null or responded_at is not null then 'refused'
        else 'silent'
    end as contact_outcome,
    attempt_number,
    score,
    invited_at,
    responded_at,
    recorded_at,
    case when score is not null then answered_at end as answered_at,
    case when score is not null then {{ business_date('answered_at') }} end as answer_date,
    asked_on,
    seen_from,
    {{ replaced_from(['source_system', 'response_id']) }} as seen_until

from seen
