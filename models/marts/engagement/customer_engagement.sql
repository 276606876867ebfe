-- One row per graded customer, at the as-of date: how much the customer has to do with the group, sales aside.

select history.*

from {{ ref('customer_engagement_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
