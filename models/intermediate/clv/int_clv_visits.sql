-- One row per customer, line and day with a purchase, and stretch of knowledge dates that see it: as the purchase models count.
-- All orders of a day are one visit, free ones too.

with

visits as (

    select
        customer_key,
        lob,
        occasion_date,
        seen_from,
        seen_until

    from {{ ref('int_occasions') }}

    union all

    select
        free_sales.customer_key,
        free_sales.lob,
        free_sales.event_date as occasion_date,
        calendar.first_knowledge_date as seen_from,
        cast(null as date) as seen_until

    from {{ ref('int_transactions_valued') }} as free_sales
    inner join {{ ref('int_calendar') }} as calendar
        on free_sales.known_on = calendar.calendar_date

    where
        free_sales.amount = 0
        and free_sales.txn_role = 'sale'
        and free_sales.fate = 'accepted'
        and not free_sales.is_hidden

)

select
    customer_key,
    lob,
    occasion_date as visit_date,
    seen_until,
    min(seen_from) as seen_from

from visits

-- Lines that have, had or will have a purchase model: which they are on a date is asked there.
where lob in (select lobs.lob from {{ ref('policy_lobs') }} as lobs where lobs.purchase_model <> 'none')

group by customer_key, lob, occasion_date, seen_until
