-- One row per date shown in the marts: the as-of date, and the last reviews before it.

select
    as_of_date,
    lag(as_of_date) over (order by as_of_date) as previous_as_of_date,
    cast(row_number() over (order by as_of_date) as integer) as review_number,
    is_current

from {{ ref('int_review_dates') }}

where is_shown
