-- One row per review date and graded customer: the intention to buy, and what it leads one to expect.

select
    intent.as_of_date,
    reviews.customer_id,
    intent.intent_level,
    intent.intent_reason,
    intent.probability_source,
    intent.expected_purchase_window,
    intent.window_source,
    intent.sales_grade,
    intent.grade_agreement,
    intent.top_project_id,
    cast(intent.intent_score as decimal(9, 4)) as intent_score,
    cast(intent.conversion_probability as decimal(9, 4)) as conversion_probability,
    cast(intent.lead_count as bigint) as lead_count,
    intent.last_intent_date,
    intent.sales_grade_date

from {{ ref('int_customers_intent') }} as intent
inner join {{ ref('int_customer_reviews') }} as reviews
    on intent.as_of_date = reviews.as_of_date and intent.customer_key = reviews.customer_key

where {{ is_shown('intent.as_of_date') }}
