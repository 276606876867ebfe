-- One row per customer, type of interaction, day and date from which it is seen: how many interactions.

select
    customer_key,
    event_type,
    event_date,
    seen_from,
    count(*) as event_count

from {{ ref('int_interactions_seen') }}

group by customer_key, event_type, event_date, seen_from
