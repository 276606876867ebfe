-- One row per review date and graded customer with feedback that counts: what complaints, suggestions and praise add up to, 0-100.

select
    as_of_date,
    customer_key,
    'feedback' as component,
    cast(fb_score as decimal(9, 4)) as score

from {{ ref('int_customers_feedback_graded') }}

where fb_score is not null
