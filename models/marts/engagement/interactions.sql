-- One row per accepted interaction of a known customer that is known at the as-of date.

select
    source_system,
    interaction_id,
    customer_id,
    event_type,
    channel,
    project_id,
    venue_id,
    campaign_id,
    interaction_value,
    cast(duration_s as decimal(18, 3)) as duration_s,
    event_date,
    known_on,
    event_at

from {{ ref('int_interactions_seen') }}
