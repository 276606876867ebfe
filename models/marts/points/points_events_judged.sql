-- One row per accepted points event known at the as-of date: did it change the account, and if not, why?

select
    clock.as_of_date,
    events.source_system,
    events.event_id,
    customers.customer_id,
    accounts.customer_id as account_id,
    events.event_type,
    events.direction,
    events.original_event_id,
    events.partner_id,
    events.event_status,
    events.points,
    events.event_date,
    events.posted_on

from {{ ref('int_points_events_decided') }} as events
cross join {{ ref('int_as_of_date') }} as clock
inner join {{ ref('int_customers_keyed') }} as customers
    on events.customer_key = customers.customer_key
left join {{ ref('int_customers_keyed') }} as accounts
    on events.account_key = accounts.customer_key
