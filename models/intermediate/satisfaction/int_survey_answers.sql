-- One row per answer to a survey question: the reviews that see it as the last one given to its invitation (from seen_from
-- until before seen_until). An answer that is replaced before any review saw it has seen_until at or before seen_from.

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
    min(seen_from) over (
        partition by
            customer_key,
            question_code,
            invitation_id,
            -- Invitations are numbered by the system that sends them.
            case when invitation_id is not null then source_system end,
            case when invitation_id is null then survey_id end,
            case when invitation_id is null then answer_date end
        order by answered_at, recorded_at nulls first, response_id, score, source_system
        rows between 1 following and unbounded following
    ) as seen_until

from {{ ref('int_surveys_seen') }}

where score is not null
