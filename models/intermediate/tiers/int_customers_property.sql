-- One row per review date and graded customer who holds a home or office: net amount and firm units of the last 60 months.

with

amounts as (

    select
        review_dates.as_of_date,
        days.customer_key,
        cast(sum(days.net_amount) as decimal(18, 2)) as property_net_60m

    from {{ ref('int_customer_line_days') }} as days
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            days.seen_from <= review_dates.as_of_date
            and days.value_date > {{ add_months('review_dates.as_of_date', -60) }}

    where days.lob = 'property_sale'

    group by review_dates.as_of_date, days.customer_key

),

units as (

    select
        as_of_date,
        customer_key,
        count(*) as firm_units_60m

    from {{ ref('int_property_units') }}

    where is_firm and occasion_date > {{ add_months('as_of_date', -60) }}

    group by as_of_date, customer_key

)

select
    amounts.as_of_date,
    amounts.customer_key,
    amounts.property_net_60m,
    coalesce(units.firm_units_60m, 0) as firm_units_60m

from amounts
inner join {{ ref('int_customer_lines_held') }} as held
    on amounts.as_of_date = held.as_of_date and amounts.customer_key = held.customer_key and held.lob = 'property_sale'
left join units
    on amounts.as_of_date = units.as_of_date and amounts.customer_key = units.customer_key
