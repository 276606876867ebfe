-- One row per path and day on which a value posting became known, or a sale was posted, of a customer who counts on it (`seen_on`).
-- What was known before the customer counted is seen on the day from which it does.

with

changes as (

    select customer_key, known_on from {{ ref('int_value_postings') }}

    where net_amount <> 0

    union

    select customer_key, posted_on as known_on from {{ ref('int_points_sales_posted') }}

)

select distinct
    customers.path_key,
    greatest(changes.known_on, customers.counts_from) as seen_on

from {{ ref('int_card_path_customers') }} as customers
inner join changes
    on customers.customer_key = changes.customer_key
