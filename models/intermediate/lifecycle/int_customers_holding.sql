-- One row per review date and graded customer who holds a line: what the lines held say together.

with

holding as (

    select
        as_of_date,
        customer_key,
        sum(occasion_count) as occasion_count,
        bool_and(lob = 'property_sale') as is_owner,
        bool_or(lob = 'property_sale') as has_property,
        min(first_occasion_date) as first_purchase_date,
        max(first_occasion_date) as last_line_date

    from {{ ref('int_customer_lines_held') }}

    group by as_of_date, customer_key

)

select
    as_of_date,
    customer_key,
    cast(occasion_count as bigint) as occasion_count,
    is_owner,
    has_property,
    -- The line that began last did so lately, and after another one.
    last_line_date > {{ add_months('as_of_date', -12) }} and last_line_date > first_purchase_date as has_added_line,
    first_purchase_date

from holding
