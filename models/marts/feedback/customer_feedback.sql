-- One row per graded customer, at the as-of date: what complaints, suggestions and praise add up to, and how they were handled.

select history.*

from {{ ref('customer_feedback_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
