-- One row per purchase occasion and stretch of reviews that see it (from seen_from until before seen_until).
-- Most occasions are seen from their first sale on. Those with an undone sale, and contracts paid in instalments, are looked at
-- review by review, because their existence or their date may change.

with

sales as (

    select
        sales_seen.*,
        -- The day is part of what tells occasions apart, except where a contract is one occasion.
        case when is_contract_occasion then date '1900-01-01' else event_date end as occasion_day

    from {{ ref('int_sales_seen') }} as sales_seen

),

occasions as (

    select
        customer_key,
        lob,
        occasion_key,
        occasion_day,
        min(seen_from) as seen_from,
        bool_or(is_contract_occasion or seen_until is not null) as is_changing

    from sales

    group by customer_key, lob, occasion_key, occasion_day

),

changing as (

    select
        sales.customer_key,
        sales.lob,
        sales.occasion_key,
        sales.occasion_day,
        dates.as_of_date,
        dates.next_as_of_date,
        min(sales.event_date) as occasion_date,
        bool_or(sales.seen_until is null or dates.as_of_date < sales.seen_until) as is_seen

    from sales
    inner join occasions
        on
            sales.customer_key = occasions.customer_key
            and sales.lob = occasions.lob
            and sales.occasion_key = occasions.occasion_key
            and sales.occasion_day = occasions.occasion_day
            and occasions.is_changing
    inner join {{ ref('int_knowledge_dates') }} as dates
        on sales.seen_from <= dates.as_of_date

    group by
        sales.customer_key,
        sales.lob,
        sales.occasion_key,
        sales.occasion_day,
        dates.as_of_date,
        dates.next_as_of_date

)

select
    customer_key,
    lob,
    occasion_key,
    occasion_day as occasion_date,
    seen_from,
    cast(null as date) as seen_until

from occasions

where not is_changing

union all

select
    customer_key,
    lob,
    occasion_key,
    occasion_date,
    as_of_date as seen_from,
    next_as_of_date as seen_until

from changing

where is_seen
