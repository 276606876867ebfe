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
    -- Anything else may be free text, with names and numbers of people in it.
    case
        when {{ matches('upper(interaction_value)', grade_pattern()) }} then interaction_value
        when {{ matches('lower(interaction_value)', horizon_pattern()) }} then interaction_value
    end as interaction_value,
    cast(duration_s as decimal(18, 3)) as duration_s,
    event_date,
    known_on,
    event_at

from {{ ref('int_interactions_seen') }}
