-- One row per day and override of cards known by then: what keeps it from being in force, whoever the customer is; null where it is.

with

days as (

    select distinct
        as_of_date,
        customer_key

    from {{ ref('int_card_override_days') }}

),

{{ overrides_checked('days', "overrides.axis = 'card' and overrides.customer_key = days.customer_key") }}
