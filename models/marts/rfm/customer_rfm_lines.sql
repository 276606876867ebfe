-- One row per graded customer and line of business held, at the as-of date: recency, frequency and value of that line.

select history.*

from {{ ref('customer_rfm_lines_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
