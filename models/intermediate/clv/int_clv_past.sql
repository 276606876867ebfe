-- One row per knowledge date, graded customer and line with a value known by then: what it brought so far.

with

stretches as (

    select
        customer_key,
        lob,
        seen_from,
        sum(net_amount) as net_amount,
        sum(contribution_amount) as contribution_amount,
        min(value_date) as first_value_date

    from {{ ref('int_customer_line_days') }}

    group by customer_key, lob, seen_from

)

select
    dates.as_of_date,
    stretches.customer_key,
    stretches.lob,
    cast(sum(stretches.net_amount) as decimal(18, 2)) as historic_revenue,
    cast(sum(stretches.contribution_amount) as decimal(18, 2)) as historic_clv,
    min(stretches.first_value_date) as first_value_date

from stretches
inner join {{ ref('int_knowledge_dates') }} as dates
    on stretches.seen_from <= dates.as_of_date
inner join {{ ref('int_customers_judged') }} as customers
    on dates.as_of_date = customers.as_of_date and stretches.customer_key = customers.customer_key and customers.is_scoreable

group by dates.as_of_date, stretches.customer_key, stretches.lob
