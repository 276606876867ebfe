-- One row per customer, line, category and stretch of reviews: what sales brought and refunds took back, by the windows the sale lies in.

with

postings as (

    select
        postings.*,
        aging.first_knowledge_date as aged_from,
        leaving.first_knowledge_date as left_from

    from {{ ref('int_value_postings') }} as postings
    left join {{ ref('int_calendar') }} as aging
        on {{ add_days('postings.value_date', 365) }} = aging.calendar_date
    left join {{ ref('int_calendar') }} as leaving
        on {{ add_days('postings.value_date', activity_window_days()) }} = leaving.calendar_date

    where postings.txn_role = 'sale'

)

select
    customer_key,
    lob,
    category,
    sum(net_amount) as net_amount,
    seen_from,
    aged_from,
    left_from

from postings

group by customer_key, lob, category, seen_from, aged_from, left_from
