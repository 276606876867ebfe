-- One row per graded customer and line (or total), at the as-of date: what they brought, and what they are expected to bring.

select history.*

from {{ ref('customer_clv_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
