-- One row per review date and graded customer who answered all three questions of attitude: are the last answers all satisfied?

with

answers as (

    select
        as_of_date,
        customer_key,
        question_code,
        answer_class,
        row_number() over (
            partition by as_of_date, customer_key, question_code
            order by answered_at desc, recorded_at desc nulls last, response_id desc, score desc, source_system desc
        ) as answer_number

    from {{ ref('int_survey_answers_weighted') }}

    where question_code in ('overall', 'rebuy_intent', 'recommend')

)

select
    as_of_date,
    customer_key,
    sum(case when answer_class = 'satisfied' then 1 else 0 end) = 3 as is_attitudinally_loyal

from answers

where answer_number = 1

group by as_of_date, customer_key

having count(*) = 3
