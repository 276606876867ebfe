-- One row per answer to a survey question: the reviews that see it as the last one to what was asked (from seen_from until
-- before seen_until). An answer that is replaced before any review saw it has seen_until at or before seen_from.

select
    source_system,
    response_id,
    customer_key,
    survey_type,
    scale,
    question_code,
    lob,
    txn_id,
    channel,
    score,
    recorded_at,
    answered_at,
    answer_date,
    seen_from,
    least(
        min(seen_from) over (
            partition by
                customer_key,
                question_code,
                -- Invitations, surveys and responses are numbered by the system they come from.
                source_system,
                invitation_id,
                case when invitation_id is null then survey_id end,
                -- Two visits of a day, each rated, are two answers.
                case when invitation_id is null then txn_id end,
                case when invitation_id is null then answer_date end,
                case when coalesce(invitation_id, survey_id, txn_id) is null then response_id end
            order by answered_at, recorded_at nulls first, response_id, score, source_system
            rows between 1 following and unbounded following
        ),
        seen_until
    ) as seen_until

from {{ ref('int_surveys_seen') }}

where score is not null
