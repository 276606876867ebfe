-- One row per review date and customer known by then: who is graded, and why not.
{{ config(materialized='view') }}

select customers.*

from {{ ref('int_customers_judged') }} as customers
inner join {{ ref('int_review_dates') }} as review_dates
    on customers.as_of_date = review_dates.as_of_date
