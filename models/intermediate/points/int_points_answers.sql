-- One row per question of int_points_questions: is it accepted? Walked one by one, because a redemption that is not accepted leaves
-- its points to the next ones. `consumed_points` is how much of all points issued is gone, spent or expired.

with recursive

questions as (

    select * from {{ ref('int_points_questions') }}

),

starts as (

    select
        account_key,
        cast(0 as bigint) as question_number,
        cast(0 as bigint) as consumed_points,
        cast('|' as {{ type_text() }}) as rejected_numbers,
        true as is_accepted

    from questions

    where question_number = 1

),

walked as (

    select
        account_key,
        question_number,
        consumed_points,
        rejected_numbers,
        is_accepted

    from starts

    union all

    select
        asked.account_key,
        asked.question_number,
        cast(
            case
                when not asked.is_accepted then asked.consumed_points
                else greatest(asked.consumed_points + asked.asked_points, asked.most_gone_to)
            end as bigint
        ) as consumed_points,
        cast(
            case
                when asked.is_accepted then asked.rejected_numbers
                else asked.rejected_numbers || cast(asked.question_number as {{ type_text() }}) || '|'
            end as {{ type_text() }}
        ) as rejected_numbers,
        asked.is_accepted

    from (
        select
            questions.account_key,
            questions.question_number,
            questions.asked_points,
            questions.most_gone_to,
            walked.rejected_numbers,
            greatest(walked.consumed_points + questions.debits_between, questions.gone_between) as consumed_points,
            case
                when questions.asked_points < 0
                    then walked.rejected_numbers not like '%|' || cast(questions.redeem_number as {{ type_text() }}) || '|%'
                else
                    questions.asked_points
                    <= questions.issued_points - greatest(walked.consumed_points + questions.debits_between, questions.gone_between)
            end as is_accepted

        from walked
        inner join questions
            on walked.account_key = questions.account_key and walked.question_number + 1 = questions.question_number
    ) as asked

)

select
    questions.account_key,
    questions.question_number,
    questions.source_system,
    questions.source_id,
    questions.asked_points,
    walked.is_accepted

from walked
inner join questions
    on walked.account_key = questions.account_key and walked.question_number = questions.question_number
