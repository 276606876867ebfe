-- One row per review date and graded customer who holds a line: the RFM score as a component of the tier, 0-100.

select
    as_of_date,
    customer_key,
    'rfm' as component,
    rfm_score_100 as score

from {{ ref('int_customers_rfm_segmented') }}

where r_score > 0
