-- One row per month, source, theme and value tier: how many customers said something about it, and what.

with

voices as (

    select
        cases.as_of_date,
        cases.customer_key,
        cast(date_trunc('month', cases.created_date) as date) as month,
        'feedback' as theme_source,
        {{ shown_category('cases.category') }} as theme,
        case when cases.feedback_type = 'complaint' then 1 else 0 end as complaint_count,
        case when cases.feedback_type = 'suggestion' then 1 else 0 end as suggestion_count,
        case when cases.is_adopted then 1 else 0 end as adopted_count,
        case when cases.feedback_type = 'praise' then 1 else 0 end as praise_count,
        0 as answer_count,
        0 as dissatisfied_count

    from {{ ref('int_feedback_points') }} as cases
    inner join {{ ref('int_review_dates') }} as review_dates
        on cases.as_of_date = review_dates.as_of_date and review_dates.is_current

    where cases.is_counted

    union all

    select
        review_dates.as_of_date,
        answers.customer_key,
        cast(date_trunc('month', answers.answer_date) as date) as month,
        'survey' as theme_source,
        answers.question_code as theme,
        0 as complaint_count,
        0 as suggestion_count,
        0 as adopted_count,
        0 as praise_count,
        1 as answer_count,
        case when answers.score < scales.neutral_from then 1 else 0 end as dissatisfied_count

    from {{ ref('int_survey_answers') }} as answers
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            review_dates.is_current
            and answers.seen_from <= review_dates.as_of_date
            and (answers.seen_until is null or review_dates.as_of_date < answers.seen_until)
    left join {{ ref('policy_survey_scales') }} as scales
        on answers.scale = scales.scale and {{ in_force('scales', 'review_dates.as_of_date') }}

)

select
    voices.month,
    voices.theme_source,
    voices.theme,
    coalesce(tiers.value_tier, 'none') as value_tier,
    count(distinct voices.customer_key) as customer_count,
    cast(sum(voices.complaint_count) as bigint) as complaint_count,
    cast(sum(voices.suggestion_count) as bigint) as suggestion_count,
    cast(sum(voices.adopted_count) as bigint) as adopted_count,
    cast(sum(voices.praise_count) as bigint) as praise_count,
    cast(sum(voices.answer_count) as bigint) as answer_count,
    cast(sum(voices.dissatisfied_count) as bigint) as dissatisfied_count

from voices
left join {{ ref('int_customers_tiered') }} as tiers
    on voices.as_of_date = tiers.as_of_date and voices.customer_key = tiers.customer_key
left join {{ ref('int_customer_reviews') }} as reviews
    on voices.as_of_date = reviews.as_of_date and voices.customer_key = reviews.customer_key

where coalesce(reviews.exclusion_reason, 'none') not in ('test', 'staff')

group by voices.month, voices.theme_source, voices.theme, coalesce(tiers.value_tier, 'none')
