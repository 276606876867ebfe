-- One row per review date, graded customer and answer that is not too old: its class, its score from 0 to 100, and what it weighs.

with

answers as (

    select
        policy.as_of_date,
        policy.half_life_days,
        answers.*

    from {{ ref('int_survey_answers') }} as answers
    inner join {{ ref('int_satisfaction_policy_in_force') }} as policy
        on
            answers.seen_from <= policy.as_of_date
            and (answers.seen_until is null or policy.as_of_date < answers.seen_until)
            and answers.answer_date > policy.looks_back_to

)

select
    answers.as_of_date,
    answers.customer_key,
    answers.source_system,
    answers.response_id,
    answers.lob,
    answers.txn_id,
    answers.question_code,
    case
        when answers.score >= scales.satisfied_from then 'satisfied'
        when answers.score >= scales.neutral_from then 'neutral'
        else 'dissatisfied'
    end as answer_class,
    answers.score,
    {{ ratio('(answers.score - scales.least_score) * 100', 'scales.greatest_score - scales.least_score', 4, decimals=2) }} as score_norm,
    cast(
        cast({{ decay(days_between('answers.answer_date', 'answers.as_of_date'), 'answers.half_life_days') }} as decimal(20, 6))
        * coalesce(channels.weight, 1) * coalesce(types.weight, 1) as decimal(18, 8)
    ) as answer_weight,
    coalesce(questions.counts_for_satisfaction, false) as is_counted,
    answers.answer_date,
    answers.answered_at,
    answers.recorded_at

from answers
inner join {{ ref('int_customer_reviews') }} as reviews
    on answers.as_of_date = reviews.as_of_date and answers.customer_key = reviews.customer_key and reviews.is_scoreable
inner join {{ ref('policy_survey_scales') }} as scales
    on answers.scale = scales.scale and {{ in_force('scales', 'answers.as_of_date') }}
left join {{ ref('policy_survey_channels') }} as channels
    on answers.channel = channels.channel and {{ in_force('channels', 'answers.as_of_date') }}
left join {{ ref('policy_survey_types') }} as types
    on answers.survey_type = types.survey_type and {{ in_force('types', 'answers.as_of_date') }}
left join {{ ref('policy_survey_questions') }} as questions
    on answers.question_code = questions.question_code and {{ in_force('questions', 'answers.as_of_date') }}
