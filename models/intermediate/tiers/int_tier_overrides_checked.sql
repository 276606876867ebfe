-- One row per graded date and override known by then: what keeps it from being in force, whoever the customer is; null where it is.

with

review_dates as (

    select as_of_date from {{ ref('int_review_dates') }}

),

{{ overrides_checked('review_dates') }}
