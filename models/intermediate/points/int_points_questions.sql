-- One row per redemption, transfer or cancellation of an account in which not all can be accepted: what happened since the one before it.

with

steps as (

    select
        steps.*,
        -- The question that a step leads to: the first at or after it.
        cast(
            coalesce(
                sum(case when asked_points <> 0 then 1 else 0 end) over (
                    partition by account_key order by step_number rows between unbounded preceding and 1 preceding
                ), 0
            ) + 1 as bigint
        ) as question_number

    from {{ ref('int_points_steps_summed') }} as steps

    where
        account_key in (
            select summed.account_key from {{ ref('int_points_steps_summed') }} as summed

            where summed.asked_points > 0 and summed.balance_if_all_accepted < 0
        )

),

between_questions as (

    select
        account_key,
        question_number,
        max(gone_to - debits) as most_gone_less_debits

    from steps

    group by account_key, question_number

)

select
    steps.account_key,
    steps.question_number,
    steps.source_system,
    steps.source_id,
    steps.asked_points,
    steps.issued_points,
    steps.debits,
    cast(
        steps.debits - lag(steps.debits, 1, cast(0 as bigint)) over (
            partition by steps.account_key order by steps.question_number
        ) as bigint
    ) as debits_between,
    cast(coalesce(between_questions.most_gone_less_debits + steps.debits, 0) as bigint) as gone_between,
    cast(steps.most_gone_to as bigint) as most_gone_to,
    coalesce(redeems.question_number, 0) as redeem_number

from steps
inner join between_questions
    on steps.account_key = between_questions.account_key and steps.question_number = between_questions.question_number
left join {{ ref('int_points_cancels') }} as cancels
    on steps.step_type = 'redeem_cancel' and steps.source_system = cancels.source_system and steps.source_id = cancels.event_id
left join steps as redeems
    on
        steps.account_key = redeems.account_key
        and redeems.step_type = 'redeem'
        and cancels.source_system = redeems.source_system
        and cancels.redeem_event_id = redeems.source_id

where steps.asked_points <> 0
