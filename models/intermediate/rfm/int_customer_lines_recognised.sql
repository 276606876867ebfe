-- One row per review date, customer and line with value in the last 365 days: recognised contribution and net spend.
-- A contribution is spread over the line's recognition months and counts by the days that lie in the window. Equal lengths are
-- added up before they are divided, so that the result does not depend on how sales were split into rows.

with

windows as (

    select
        as_of_date,
        0 as window_number,
        {{ add_days('as_of_date', -364) }} as first_day,
        as_of_date as last_day

    from {{ ref('int_review_dates') }}

),

lengths as (

    {{ recognised_lengths(ref('int_customer_line_days'), 'windows') }}

)

select
    as_of_date,
    customer_key,
    lob,
    {{ recognised_amount() }} as m_value,
    cast(sum(spend_amount) as decimal(18, 2)) as spend_12m

from lengths

group by as_of_date, customer_key, lob
