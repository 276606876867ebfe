-- One row per path and day looked at with purchases in its period: how many occasions, and in how many lines.

with

sales as (

    select
        customers.path_key,
        greatest(sales.known_on, customers.counts_from) as seen_on,
        sales.undone_on,
        sales.customer_key,
        sales.lob,
        sales.occasion_key,
        sales.event_date,
        sales.is_contract_occasion,
        -- The day is part of what tells occasions apart, except where a contract is one occasion.
        case when sales.is_contract_occasion then date '1900-01-01' else sales.event_date end as occasion_day

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_sales_seen') }} as sales
        on customers.customer_key = sales.customer_key

),

occasions as (

    select
        periods.path_key,
        periods.candidate_date,
        periods.period_from,
        sales.lob,
        min(sales.event_date) as occasion_date,
        bool_or(sales.undone_on is null or periods.candidate_date < sales.undone_on) as is_held

    from {{ ref('int_card_periods') }} as periods
    inner join sales
        on
            periods.path_key = sales.path_key
            and sales.seen_on <= periods.candidate_date
            and (sales.is_contract_occasion or sales.event_date between periods.period_from and periods.candidate_date)

    group by
        periods.path_key,
        periods.candidate_date,
        periods.period_from,
        sales.customer_key,
        sales.lob,
        sales.occasion_key,
        sales.occasion_day

)

select
    path_key,
    candidate_date,
    count(*) as occasions,
    count(distinct lob) as lobs

from occasions

where is_held and occasion_date between period_from and candidate_date

group by path_key, candidate_date
