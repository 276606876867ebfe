-- One row per graded customer, line and category used in the last 24 months, at the as-of date: how often, and how it was liked.

select history.*

from {{ ref('customer_usage_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
