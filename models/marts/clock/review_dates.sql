-- One row per review: the dates on which customers are graded, the as-of date last.

select
    as_of_date,
    previous_as_of_date,
    cast(review_number as integer) as review_number,
    is_current

from {{ ref('int_review_dates') }}
