-- One row per review date, graded customer who holds property_sale and no other line, and day with an interaction since the first purchase.
-- Only what weighs something for engagement: an owner buys once in years, but may show up. What came before made a lead of it.

select distinct
    owners.as_of_date,
    owners.customer_key,
    days.event_date

from {{ ref('int_customers_holding') }} as owners
inner join {{ ref('int_interaction_days') }} as days
    on
        owners.customer_key = days.customer_key
        and owners.is_owner
        and days.seen_from <= owners.as_of_date
        and owners.first_purchase_date <= days.event_date
inner join {{ ref('int_interaction_events_in_force') }} as events
    on owners.as_of_date = events.as_of_date and days.event_type = events.event_type and events.engagement_weight > 0
left join {{ ref('int_interaction_bot_days') }} as bot_days
    on
        owners.as_of_date = bot_days.as_of_date
        and owners.customer_key = bot_days.customer_key
        and days.event_date = bot_days.event_date

where bot_days.event_date is null
