-- One row per review date and graded customer who holds a line: the line that brings most, the first by name of equals.

with

ranked as (

    select
        as_of_date,
        customer_key,
        lob,
        row_number() over (partition by as_of_date, customer_key order by m_value desc, lob) as line_number

    from {{ ref('int_customer_lines_scored') }}

)

select
    as_of_date,
    customer_key,
    lob as main_lob

from ranked

where line_number = 1
