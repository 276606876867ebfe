-- One row per graded customer, at the as-of date: the stage of the lifecycle, why, and what it goes by.

select history.*

from {{ ref('customer_lifecycle_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
