-- One row per review date, graded customer, dimension and expert: the last score of that expert, while it counts.

with

recent as (

    select
        reviews.as_of_date,
        scores.customer_key,
        scores.dimension,
        scores.expert_id,
        scores.score,
        scores.round_number,
        row_number() over (
            partition by reviews.as_of_date, scores.customer_key, scores.dimension, scores.expert_id
            order by scores.scored_at desc, coalesce(scores.round_number, -1) desc, scores.score_id desc, scores.source_system desc
        ) as recency

    from {{ ref('int_expert_scores_seen') }} as scores
    inner join {{ ref('int_customer_reviews') }} as reviews
        on scores.customer_key = reviews.customer_key and scores.seen_from <= reviews.as_of_date and reviews.is_scoreable
    inner join {{ ref('policy_experts') }} as policy
        on
            scores.score_date > {{ add_days('reviews.as_of_date', '-policy.max_age_days') }}
            and {{ in_force('policy', 'reviews.as_of_date') }}
    inner join {{ ref('policy_expert_dimensions') }} as dimensions
        on scores.dimension = dimensions.dimension and {{ in_force('dimensions', 'reviews.as_of_date') }}

)

select
    as_of_date,
    customer_key,
    dimension,
    expert_id,
    score,
    round_number,
    count(*) over (partition by as_of_date, customer_key, dimension) as expert_count,
    row_number() over (partition by as_of_date, customer_key, dimension order by score, expert_id) as score_rank

from recent

where recency = 1
