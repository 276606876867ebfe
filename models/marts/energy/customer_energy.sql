-- One row per graded customer supplied with energy, at the as-of date: use, its pattern, standing among peers, advice.

select history.*

from {{ ref('customer_energy_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
