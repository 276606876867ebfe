-- One row per customer known at the as-of date: the value tier, the rule that gave it, and what the rule looked at.

select history.*

from {{ ref('customer_tier_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
