-- One row per review date, graded customer and line of business held: recency, frequency and value of that line.

select
    lines.as_of_date,
    reviews.customer_id,
    lines.lob,
    lines.score_mode,
    cast(lines.r_days as integer) as r_days,
    cast(lines.f_value as decimal(18, 4)) as f_value,
    cast(lines.m_value as decimal(18, 4)) as m_value,
    cast(lines.r_score as integer) as r_score,
    cast(lines.f_score as integer) as f_score,
    cast(lines.m_score as integer) as m_score,
    cast(lines.spend_12m as decimal(18, 2)) as spend_12m,
    lines.is_m_negative,
    lines.first_occasion_date as first_purchase_date,
    lines.last_occasion_date as last_purchase_date

from {{ ref('int_customer_lines_scored') }} as lines
inner join {{ ref('int_customer_reviews') }} as reviews
    on lines.as_of_date = reviews.as_of_date and lines.customer_key = reviews.customer_key

where {{ is_shown('lines.as_of_date') }}
