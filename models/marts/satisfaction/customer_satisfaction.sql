-- One row per graded customer, at the as-of date: class and score of satisfaction, what they rest on, and what came of asking.

select history.*

from {{ ref('customer_satisfaction_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
