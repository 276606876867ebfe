-- One row per graded customer and dimension with a score that counts, at the as-of date: what the experts think, and whether they agree.

select history.*

from {{ ref('customer_expert_scores_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
