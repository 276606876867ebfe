-- One row per review date and graded customer: class and score of satisfaction, what they rest on, and what came of asking.

select
    as_of_date,
    customer_id,
    sat_class,
    sat_confidence,
    sat_reason,
    response_status,
    last_callback_outcome,
    owner_tenure_band,
    cast(sat_index as decimal(9, 4)) as sat_index,
    cast(sat_mean_norm as decimal(9, 4)) as sat_mean_norm,
    cast(answer_weight as decimal(18, 8)) as answer_weight,
    cast(sat_score as decimal(9, 4)) as sat_score,
    cast(service_rating as decimal(9, 4)) as service_rating,
    cast(product_rating as decimal(9, 4)) as product_rating,
    cast(brand_awareness as decimal(9, 4)) as brand_awareness,
    cast(answer_count as bigint) as answer_count,
    cast(contact_count as bigint) as contact_count,
    cast(callback_count as bigint) as callback_count,
    cast(callback_answered_count as bigint) as callback_answered_count,
    has_recent_negative,
    has_contact_issue,
    is_attitudinally_loyal,
    last_answer_date,
    last_asked_date

from {{ ref('int_customers_satisfaction') }}

where {{ is_shown('as_of_date') }}
