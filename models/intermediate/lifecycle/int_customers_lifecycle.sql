-- One row per review date and graded customer: lifecycle stage (placeholder until its models are there).

select
    reviews.as_of_date,
    reviews.customer_key,
    'mature' as lifecycle_stage

from {{ ref('int_customer_reviews') }} as reviews

where reviews.is_scoreable
