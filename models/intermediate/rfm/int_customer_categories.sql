-- One row per customer, line, category and stretch of reviews in whose last 24 months the sales lie: net and units.

select
    postings.customer_key,
    postings.lob,
    postings.category,
    sum(postings.net_amount) as net_amount,
    sum(postings.quantity) as quantity,
    postings.seen_from,
    leaving.first_review_date as left_from

from {{ ref('int_value_postings') }} as postings
left join {{ ref('int_calendar') }} as leaving
    on {{ add_days('postings.value_date', activity_window_days()) }} = leaving.calendar_date

where postings.txn_role = 'sale'

group by postings.customer_key, postings.lob, postings.category, postings.seen_from, leaving.first_review_date
