-- One row per review date and graded customer of whom an interaction was ever known: engagement, 0-100.

select
    as_of_date,
    customer_key,
    'engagement' as component,
    cast(engagement_score as decimal(9, 4)) as score

from {{ ref('int_customers_engagement') }}

where engagement_score is not null
