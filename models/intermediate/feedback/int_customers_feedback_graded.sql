-- One row per review date and graded customer with feedback that counts: grade, reason and score.

select
    measures.*,
    case
        when measures.fb_index is null then null
        when measures.open_critical_count > 0 then 'negative'
        when measures.recent_complaints >= policy.many_complaints then 'negative'
        when measures.fb_index <= policy.negative_until then 'negative'
        when measures.fb_index >= policy.positive_from then 'positive'
        else 'neutral'
    end as fb_grade,
    case
        when measures.fb_index is null then 'expired'
        when measures.open_critical_count > 0 then 'open_critical'
        when measures.recent_complaints >= policy.many_complaints then 'many_complaints'
        else 'index'
    end as fb_reason,
    -- Beyond 700 the exponential is too large for a number, and the score 0 or 100 long before.
    case when measures.fb_index is not null then {{ rounded(
        "100 / (1 + exp(least(greatest(-cast(measures.fb_index as " ~ type_double() ~ ") / cast(policy.score_scale as "
        ~ type_double() ~ "), -700), 700)))", 4
    ) }} end as fb_score

from {{ ref('int_customers_feedback_measured') }} as measures
inner join {{ ref('int_feedback_policy_in_force') }} as policy
    on measures.as_of_date = policy.as_of_date
