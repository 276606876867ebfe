-- One row per review date and graded customer who holds a line: active in the three months before d, and in the three before those?
-- Interactions alone are no such activity.

with

months as (

    select
        lobs.as_of_date,
        lobs.lob,
        lobs.is_contractual,
        {{ add_months('lobs.as_of_date', -3) }} as middle_date,
        {{ add_months('lobs.as_of_date', -6) }} as first_date

    from {{ ref('int_lobs_in_force') }} as lobs
    inner join {{ ref('int_review_dates') }} as review_dates
        on lobs.as_of_date = review_dates.as_of_date

),

touches as (

    select
        months.as_of_date,
        spans.customer_key,
        bool_or(spans.start_date <= months.middle_date) as is_active_before,
        bool_or(spans.end_date is null or spans.end_date > months.middle_date) as is_active

    from {{ ref('int_activity_spans') }} as spans
    inner join months
        on
            {{ counts_as_activity('spans', 'months') }}
            and spans.start_date <= months.as_of_date
            and (spans.end_date is null or spans.end_date > months.first_date)

    where spans.span_kind <> 'interaction'

    group by months.as_of_date, spans.customer_key

)

select
    holding.as_of_date,
    holding.customer_key,
    holding.occasion_count,
    holding.first_purchase_date,
    coalesce(touches.is_active_before, false) as is_active_before,
    coalesce(touches.is_active, false) as is_active

from {{ ref('int_customers_holding') }} as holding
left join touches
    on holding.as_of_date = touches.as_of_date and holding.customer_key = touches.customer_key
