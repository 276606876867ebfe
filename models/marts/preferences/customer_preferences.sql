-- One row per graded customer, at the as-of date: what is bought most, by which channels, with how much discount, and did that change?

select history.*

from {{ ref('customer_preferences_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
