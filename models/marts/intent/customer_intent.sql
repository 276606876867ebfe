-- One row per graded customer, at the as-of date: the intention to buy, and what it leads one to expect.

select history.*

from {{ ref('customer_intent_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
