-- One row per review date, graded customer, line and category of the sales rated (none: the line as such): the mean of the answers.

select
    answers.as_of_date,
    answers.customer_key,
    coalesce(sold.lob, answers.lob) as lob,
    sold.category,
    count(*) as rating_count,
    {{ ratio('sum(cast(answers.answer_weight as decimal(28, 8)) * answers.score_norm)', 'sum(answers.answer_weight)', 4, decimals=12) }}
        as mean_score_norm

from {{ ref('int_survey_answers_weighted') }} as answers
left join {{ ref('int_survey_answers_sold') }} as sold
    on
        answers.as_of_date = sold.as_of_date
        and answers.source_system = sold.source_system
        and answers.response_id = sold.response_id

where answers.is_counted and coalesce(sold.lob, answers.lob) is not null

group by answers.as_of_date, answers.customer_key, coalesce(sold.lob, answers.lob), sold.category
