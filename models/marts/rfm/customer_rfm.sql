-- One row per graded customer, at the as-of date: recency, frequency and value over all lines of business, and the segment.

select history.*

from {{ ref('customer_rfm_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
