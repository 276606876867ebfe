-- One row per accepted score of an expert, with the first date that knows it.

with

scores as (

    select
        screened.*,
        {{ business_date('screened.scored_at') }} as score_date

    from {{ ref('int_expert_scores_screened') }} as screened

    where
        screened.fate = 'accepted'
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.scored_at)') }}, false)

)

select
    scores.source_system,
    scores.score_id,
    scores.expert_id,
    scores.customer_key,
    scores.dimension,
    scores.score,
    scores.round_number,
    scores.score_date,
    scores.scored_at,
    calendar.first_knowledge_date as seen_from

from scores
inner join {{ ref('int_calendar') }} as calendar
    on greatest(scores.score_date, coalesce({{ business_date('scores.recorded_at') }}, scores.score_date)) = calendar.calendar_date
