-- One row per review date and graded customer with an answer that is not too old: index, means, and whether a bad answer stands.
{% set rated_questions = {'service': 'service_rating', 'product': 'product_rating', 'brand_awareness': 'brand_awareness'} %}

with

summed as (

    select
        answers.as_of_date,
        answers.customer_key,
        sum(case when answers.is_counted then 1 else 0 end) as answer_count,
        sum(case when answers.is_counted then answers.answer_weight end) as answer_weight,
        sum(
            case
                when answers.is_counted
                    then answers.answer_weight * case answers.answer_class when 'satisfied' then 100 when 'neutral' then 50 else 0 end
            end
        ) as weighted_class,
        sum(case when answers.is_counted then cast(answers.answer_weight as decimal(28, 8)) * answers.score_norm end) as weighted_score,
        {%- for question in rated_questions %}
        sum(case when answers.question_code = '{{ question }}' then answers.answer_weight end) as {{ question }}_weight,
        sum(
            case when answers.question_code = '{{ question }}' then cast(answers.answer_weight as decimal(28, 8)) * answers.score_norm end
        ) as {{ question }}_score,
        {%- endfor %}
        max(
            case
                when answers.is_counted and answers.answer_class = 'dissatisfied' and answers.answer_date > policy.recent_after
                    then answers.answered_at
            end
        ) as last_dissatisfied_at,
        max(case when answers.is_counted and answers.answer_class = 'satisfied' then answers.answered_at end) as last_satisfied_at

    from {{ ref('int_survey_answers_weighted') }} as answers
    inner join {{ ref('int_satisfaction_policy_in_force') }} as policy
        on answers.as_of_date = policy.as_of_date

    group by answers.as_of_date, answers.customer_key

)

select
    as_of_date,
    customer_key,
    cast(answer_count as bigint) as answer_count,
    cast(answer_weight as decimal(18, 8)) as answer_weight,
    {{ ratio('weighted_class', 'answer_weight', 4, decimals=8) }} as sat_index,
    {{ ratio('weighted_score', 'answer_weight', 4, decimals=12) }} as sat_mean_norm,
    {%- for question, rating in rated_questions.items() %}
    {{ ratio(question ~ '_score', question ~ '_weight', 4, decimals=12) }} as {{ rating }},
    {%- endfor %}
    last_dissatisfied_at is not null and not coalesce(last_satisfied_at > last_dissatisfied_at, false) as has_recent_negative

from summed
