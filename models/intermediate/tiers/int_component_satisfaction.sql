-- One row per review date and graded customer with enough recent answers: satisfaction, 0-100.

select
    as_of_date,
    customer_key,
    'satisfaction' as component,
    cast(sat_score as decimal(9, 4)) as score

from {{ ref('int_customers_satisfaction') }}

where sat_score is not null
