-- One row per known customer: the short integer that stands for customer_id inside the warehouse. It is made anew in every build.

with

known_ids as (

    select distinct customer_id

    from {{ ref('int_customers_screened') }}

    where fate = 'accepted'
    {% if var('admit_unknown_customers') %}
    union

    select distinct customer_id

    from {{ ref('stg_raw__transactions') }}

    where customer_id is not null
    {% endif %}

)

select
    row_number() over (order by customer_id) as customer_key,
    customer_id

from known_ids
