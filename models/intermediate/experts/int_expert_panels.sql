-- One row per review date, graded customer and dimension with a score that counts: the experts' mean, how far apart they are, and
-- whether they agree.

with

ranked as (

    select
        opinions.*,
        -- A quartile lies at rank 1 + q (n - 1): so many whole ranks, and so many quarters of the way to the next.
        {{ whole_division('opinions.expert_count + 3', '4') }} as lower_rank,
        {{ whole_division('3 * opinions.expert_count + 1', '4') }} as upper_rank

    from {{ ref('int_expert_opinions') }} as opinions

),

panels as (

    select
        as_of_date,
        customer_key,
        dimension,
        max(expert_count) as expert_count,
        sum(score) as score_sum,
        min(score) as lowest_score,
        max(score) as highest_score,
        max(round_number) as last_round,
        sum(
            case score_rank - upper_rank
                when 0 then (4 - (3 * expert_count + 1 - 4 * upper_rank)) * score
                when 1 then (3 * expert_count + 1 - 4 * upper_rank) * score
                else 0
            end
            - case score_rank - lower_rank
                when 0 then (4 - (expert_count + 3 - 4 * lower_rank)) * score
                when 1 then (expert_count + 3 - 4 * lower_rank) * score
                else 0
            end
        ) as quarters_apart

    from ranked

    group by as_of_date, customer_key, dimension

)

select
    panels.as_of_date,
    panels.customer_key,
    panels.dimension,
    case
        when panels.expert_count < policy.min_experts then 'too_few'
        when panels.quarters_apart > 4 * policy.max_iqr then 'no_consensus'
        else 'consensus'
    end as consensus,
    panels.expert_count,
    case
        when panels.expert_count >= policy.trim_from
            then {{ ratio('panels.score_sum - panels.lowest_score - panels.highest_score', '(panels.expert_count - 2)', 4, decimals=0) }}
        else {{ ratio('panels.score_sum', 'panels.expert_count', 4, decimals=0) }}
    end as mean_score,
    cast(panels.quarters_apart * 0.25 as decimal(9, 2)) as score_iqr,
    panels.last_round

from panels
inner join {{ ref('policy_experts') }} as policy
    on {{ in_force('policy', 'panels.as_of_date') }}
