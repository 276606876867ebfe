-- One row per customer, line, kind of activity, span of days and stretch of reviews that see it (from seen_from until before seen_until).
-- Purchases, payments and interactions are a day long; contracts last until their end, which may be ahead or open.
-- Bills and contracts count at reviews to which their line is contractual.

with

occasions as (

    select distinct
        customer_key,
        lob,
        occasion_date,
        seen_from,
        seen_until

    from {{ ref('int_occasions') }}

),

payments as (

    select distinct
        sales.customer_key,
        sales.lob,
        sales.paid_on,
        greatest(sales.seen_from, calendar.first_knowledge_date) as seen_from,
        sales.seen_until

    from {{ ref('int_sales_seen') }} as sales
    inner join {{ ref('int_calendar') }} as calendar
        on sales.paid_on = calendar.calendar_date

    where sales.lob in (select lobs.lob from {{ ref('policy_lobs') }} as lobs where lobs.is_contractual)

),

contracts as (

    select distinct
        customer_key,
        lob,
        active_from,
        active_until,
        seen_from,
        seen_until

    from {{ ref('int_contracts_versioned') }}

    where status <> 'subscribed' and active_from <= coalesce(active_until, active_from) and seen_from is not null

)

select
    customer_key,
    lob,
    'occasion' as span_kind,
    occasion_date as start_date,
    occasion_date as end_date,
    seen_from,
    seen_until

from occasions

union all

select
    customer_key,
    lob,
    'bill' as span_kind,
    paid_on as start_date,
    paid_on as end_date,
    seen_from,
    seen_until

from payments

union all

select
    customer_key,
    lob,
    'contract' as span_kind,
    active_from as start_date,
    active_until as end_date,
    seen_from,
    seen_until

from contracts

union all

select
    interactions.customer_key,
    'property_sale' as lob,
    'interaction' as span_kind,
    interactions.event_date as start_date,
    interactions.event_date as end_date,
    interactions.as_of_date as seen_from,
    review_dates.next_as_of_date as seen_until

from {{ ref('int_owner_interactions') }} as interactions
inner join {{ ref('int_review_dates') }} as review_dates
    on interactions.as_of_date = review_dates.as_of_date
