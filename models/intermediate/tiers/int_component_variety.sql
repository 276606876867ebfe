-- One row per review date and graded customer who holds a line and ever bought in a known category: variety of the last 24 months, 0-100.

select
    scores.as_of_date,
    scores.customer_key,
    'variety' as component,
    cast(least(100, 25 * variety.variety_categories + 25 * (greatest(scores.variety_lobs, 1) - 1)) as decimal(9, 4)) as score

from {{ ref('int_customers_rfm_segmented') }} as scores
inner join {{ ref('int_customers_variety') }} as variety
    on scores.as_of_date = variety.as_of_date and scores.customer_key = variety.customer_key

where scores.r_score > 0 and variety.known_categories > 0
