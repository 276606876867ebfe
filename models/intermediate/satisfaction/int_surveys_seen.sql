-- One row per accepted survey row: what came of the contact, its answer if there is one, and the review that first knew it.

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

)

select
    dated.source_system,
    dated.response_id,
    dated.invitation_id,
    dated.survey_id,
    dated.customer_key,
    dated.survey_type,
    dated.scale,
    coalesce(dated.question_code, 'overall') as question_code,
    dated.lob,
    dated.txn_id,
    dated.channel,
    dated.callback_outcome,
    case
        when dated.score is not null then 'answered'
        when dated.callback_outcome = 'wrong_number' then 'wrong_number'
        when dated.callback_outcome in ('no_answer', 'busy', 'unreachable') then 'not_reached'
        when dated.callback_outcome is not null or dated.responded_at is not null then 'refused'
        else 'silent'
    end as contact_outcome,
    dated.attempt_number,
    dated.score,
    dated.invited_at,
    dated.responded_at,
    dated.recorded_at,
    case when dated.score is not null then dated.answered_at end as answered_at,
    case when dated.score is not null then {{ business_date('dated.answered_at') }} end as answer_date,
    dated.asked_on,
    calendar.first_knowledge_date as seen_from

from dated
inner join {{ ref('int_calendar') }} as calendar
    on
        greatest({{ business_date('dated.event_at') }}, {{ business_date('coalesce(dated.recorded_at, dated.event_at)') }})
        = calendar.calendar_date

where not coalesce({{ is_hidden_by_cutoff('coalesce(dated.recorded_at, dated.event_at)') }}, false)
