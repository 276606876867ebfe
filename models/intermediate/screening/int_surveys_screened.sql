-- One row per landed survey answer line: its fate (accepted, rejected or duplicate) with the rule.

with

surveys as (

    select
        stg_surveys.*,
        clock.as_of_date,
        {{ business_date('coalesce(stg_surveys.responded_at, stg_surveys.invited_at)') }} as event_date,
        customers.customer_key,
        repeats.verdict as repeat_verdict,
        questions.question_code is null and stg_surveys.question_code is not null as is_question_unknown,
        case stg_surveys.scale
            {%- for scale, bounds in scale_bounds().items() %}
            when '{{ scale }}' then {{ bounds[0] }}
            {%- endfor %}
        end as least_score,
        case stg_surveys.scale
            {%- for scale, bounds in scale_bounds().items() %}
            when '{{ scale }}' then {{ bounds[1] }}
            {%- endfor %}
        end as greatest_score

    from {{ ref('stg_raw__surveys') }} as stg_surveys
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_surveys.customer_id = customers.customer_id
    left join {{ ref('int_surveys_repeated') }} as repeats
        on stg_surveys._file = repeats._file and stg_surveys._line = repeats._line
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('policy_survey_questions') }} as questions
        on stg_surveys.question_code = questions.question_code and {{ in_force('questions', 'clock.as_of_date') }}

),

judged as (

    select
        surveys.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'response_id_missing': 'response_id is null',
            'customer_id_missing': 'customer_id is null',
            'scale_unknown': 'scale is null and score_text is not null',
            'score_unparsable': 'score is null and score_text is not null',
            'score_out_of_scale': 'score < least_score or score > greatest_score',
            'responded_before_invited': 'responded_at < invited_at',
            'score_without_answer': "score is not null and callback_outcome <> 'connected_answered'",
            'orphan_customer': 'customer_key is null',
            'survey_undated': 'coalesce(responded_at, recorded_at, invited_at) is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
        }) }} as rejected_by

    from surveys

)

select
    _file,
    _line,
    source_system,
    response_id,
    invitation_id,
    survey_id,
    survey_type,
    scale,
    question_code,
    customer_id,
    customer_key,
    lob,
    txn_id,
    channel,
    callback_outcome,
    agent_id,
    attempt_number,
    score,
    invited_at,
    responded_at,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'answer_without_score': "score is null and callback_outcome = 'connected_answered'",
        'value_unreadable': any_unreadable([
            'survey_type', 'lob', 'channel', 'callback_outcome', 'attempt_number', 'invited_at', 'responded_at', 'recorded_at'
        ]),
        'question_code_unknown': 'is_question_unknown',
    }) }} as noted_rules

from judged
