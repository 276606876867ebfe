-- One row per review date and graded customer with feedback that speaks for or against: feedback, 0-100, in its own direction only.
-- A score near 50 beside a composite of 30 would make a complaint lift the tier, and praise lower that of the best: it counts for
-- no more, or no less, than what the other components come to.

with

components as (

    {{ union_of_components(without=['feedback']) }}

),

others as (

    select
        components.as_of_date,
        components.customer_key,
        {{ ratio('sum(weights.weight * components.score)', 'sum(weights.weight)', 4, decimals=8) }} as score

    from components
    inner join {{ ref('int_tier_weights_in_force') }} as weights
        on components.as_of_date = weights.as_of_date and components.component = weights.component

    group by components.as_of_date, components.customer_key

)

select
    feedback.as_of_date,
    feedback.customer_key,
    'feedback' as component,
    cast(
        case
            when feedback.fb_index < 0 then least(feedback.fb_score, coalesce(others.score, feedback.fb_score))
            else greatest(feedback.fb_score, coalesce(others.score, feedback.fb_score))
        end as decimal(9, 4)
    ) as score

from {{ ref('int_customers_feedback_graded') }} as feedback
left join others
    on feedback.as_of_date = others.as_of_date and feedback.customer_key = others.customer_key

where feedback.fb_index <> 0
