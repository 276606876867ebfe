-- One row per customer, category and stretch of reviews in whose last 24 months the sales lie: net and units.

select
    postings.customer_key,
    postings.category,
    cast(sum(postings.net_amount) as decimal(18, 2)) as net_amount,
    cast(sum(postings.quantity) as decimal(28, 3)) as quantity,
    postings.seen_from,
    leaving.first_knowledge_date as left_from

from {{ ref('int_value_postings') }} as postings
left join {{ ref('int_calendar') }} as leaving
    on {{ add_days('postings.value_date', activity_window_days()) }} = leaving.calendar_date

where postings.txn_role = 'sale'

group by postings.customer_key, postings.category, postings.seen_from, leaving.first_knowledge_date
