-- One row per review date, graded customer and dimension with a score that counts: what the experts think, and whether they agree.

select
    panels.as_of_date,
    reviews.customer_id,
    panels.dimension,
    panels.consensus,
    cast(panels.mean_score as decimal(9, 4)) as mean_score,
    cast(panels.score_iqr as decimal(9, 2)) as score_iqr,
    cast(panels.last_round as integer) as last_round,
    cast(panels.expert_count as bigint) as expert_count

from {{ ref('int_expert_panels') }} as panels
inner join {{ ref('int_review_dates') }} as review_dates
    on panels.as_of_date = review_dates.as_of_date and review_dates.is_shown
inner join {{ ref('int_customer_reviews') }} as reviews
    on panels.as_of_date = reviews.as_of_date and panels.customer_key = reviews.customer_key
