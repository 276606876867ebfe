-- From a review to the next a customer becomes a prospect only when every purchase was taken back: no line is held any more.

select
    history.as_of_date,
    history.customer_id,
    previous.lifecycle_stage as previous_stage,
    lines.lob

from {{ ref('customer_lifecycle_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date
inner join {{ ref('customer_lifecycle_history') }} as previous
    on review_dates.previous_as_of_date = previous.as_of_date and history.customer_id = previous.customer_id
inner join {{ ref('customer_rfm_lines_history') }} as lines
    on history.as_of_date = lines.as_of_date and history.customer_id = lines.customer_id

where history.lifecycle_stage = 'prospect' and previous.lifecycle_stage <> 'prospect'
