-- One row per review date and graded customer: recency, frequency and value over all lines of business, and the segment.

with

scores as (

    select * from {{ ref('int_customers_rfm_segmented') }}

)

select
    scores.as_of_date,
    scores.customer_id,
    cast(scores.r_score as {{ type_text() }}) || cast(scores.f_score as {{ type_text() }}) || cast(scores.m_score as {{ type_text() }})
        as rfm_code,
    scores.rfm_segment,
    scores.score_mode,
    cast(scores.r_days as integer) as r_days,
    cast(scores.f_value as decimal(18, 4)) as f_value,
    cast(scores.m_value as decimal(18, 4)) as m_value,
    cast(scores.r_score as integer) as r_score,
    cast(scores.f_score as integer) as f_score,
    cast(scores.m_score as integer) as m_score,
    cast(scores.rfm_total as integer) as rfm_total,
    cast(scores.rfm_score_100 as decimal(9, 4)) as rfm_score_100,
    cast(scores.spend_12m as decimal(18, 2)) as spend_12m,
    cast(case when scores.r_score > 0 then coalesce(variety.units, 0) else 0 end as decimal(28, 3)) as units,
    cast(scores.variety_lobs as integer) as variety_lobs,
    cast(case when scores.r_score > 0 then coalesce(variety.variety_categories, 0) else 0 end as integer) as variety_categories,
    scores.is_m_negative,
    coalesce(
        scores.first_purchase_date <= {{ add_days('review_dates.first_sale_date', 30) }},
        false
    ) as has_truncated_history,
    scores.first_purchase_date,
    scores.last_purchase_date

from scores
inner join {{ ref('int_review_dates') }} as review_dates
    on scores.as_of_date = review_dates.as_of_date
left join {{ ref('int_customers_variety') }} as variety
    on scores.as_of_date = variety.as_of_date and scores.customer_key = variety.customer_key

where {{ is_shown('scores.as_of_date') }}
