-- One row per graded customer, at the as-of date: how loyal, by repeat purchases, tenure, referrals and attitude.

select history.*

from {{ ref('customer_loyalty_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
