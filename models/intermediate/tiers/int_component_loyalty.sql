-- One row per review date and graded customer who holds a line: loyalty as a component of the tier, 0-100.

select
    as_of_date,
    customer_key,
    'loyalty' as component,
    loyalty_score as score

from {{ ref('int_customers_loyalty') }}

where loyalty_score is not null
