-- One row per accepted survey row known at the as-of date: who was asked what, what came of it, and how good the answer is.
-- Of customers who are not graded the answer is shown and not graded either: no scale is joined.

select
    surveys.source_system,
    surveys.response_id,
    surveys.invitation_id,
    surveys.survey_id,
    customers.customer_id,
    surveys.survey_type,
    surveys.question_code,
    surveys.lob,
    surveys.txn_id,
    surveys.channel,
    surveys.callback_outcome,
    surveys.contact_outcome,
    surveys.scale,
    case
        when surveys.score >= scales.satisfied_from then 'satisfied'
        when surveys.score >= scales.neutral_from then 'neutral'
        when surveys.score < scales.neutral_from then 'dissatisfied'
    end as answer_class,
    cast(surveys.score as decimal(9, 2)) as score,
    cast(
        {{ ratio('(surveys.score - scales.least_score) * 100', 'scales.greatest_score - scales.least_score', 4, decimals=2) }}
        as decimal(9, 4)
    ) as score_norm,
    cast(surveys.attempt_number as integer) as attempt_number,
    surveys.asked_on as asked_date,
    surveys.answer_date,
    surveys.invited_at,
    surveys.responded_at,
    surveys.recorded_at

from {{ ref('int_surveys_seen') }} as surveys
inner join {{ ref('review_dates') }} as review_dates
    on
        surveys.seen_from <= review_dates.as_of_date
        and (surveys.seen_until is null or review_dates.as_of_date < surveys.seen_until)
        and review_dates.is_current
inner join {{ ref('int_customers_keyed') }} as customers
    on surveys.customer_key = customers.customer_key
left join {{ ref('int_customer_reviews') }} as reviews
    on review_dates.as_of_date = reviews.as_of_date and surveys.customer_key = reviews.customer_key and reviews.is_scoreable
left join {{ ref('policy_survey_scales') }} as scales
    on surveys.scale = scales.scale and reviews.customer_key is not null and {{ in_force('scales', 'review_dates.as_of_date') }}
