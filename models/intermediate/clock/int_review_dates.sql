-- One row per review: the as-of date and the last quarter ends before it that lie inside the history.
{% set review_count = checked_var('review_count', '^[0-9]+$') | int %}

with

as_of as (

    select
        as_of_date,
        cast(date_trunc('quarter', as_of_date) as date) as quarter_start

    from {{ ref('int_as_of_date') }}

),

quarters_back as (

    select -1 as quarter_number
    {%- for quarter in range(review_count) %}
    union all
    select {{ quarter }}
    {%- endfor %}

),

history as (

    select min(event_date) as first_sale_date

    from {{ ref('int_transactions_valued') }}

    where fate = 'accepted' and txn_role = 'sale'

),

candidates as (

    select
        case
            when quarters_back.quarter_number = -1 then as_of.as_of_date
            else {{ add_days(add_months('as_of.quarter_start', 'quarters_back.quarter_number * -3'), -1) }}
        end as as_of_date,
        quarters_back.quarter_number = -1 as is_current,
        history.first_sale_date

    from as_of
    cross join quarters_back
    cross join history

)

select
    as_of_date,
    lag(as_of_date) over (order by as_of_date) as previous_as_of_date,
    lead(as_of_date) over (order by as_of_date) as next_as_of_date,
    row_number() over (order by as_of_date) as review_number,
    first_sale_date,
    is_current,
    true as is_shown,
    true as is_review

from candidates

where is_current or as_of_date >= first_sale_date
