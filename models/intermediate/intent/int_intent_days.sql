-- One row per customer, type of interaction that bears on intent, project, half-life, day and date from which it is seen.

with

telling_types as (

    select event_type

    from {{ ref('int_interaction_events_in_force') }}

    group by event_type

    -- These three are told by their type, whatever they weigh.
    having bool_or(intent_weight <> 0) or event_type in ('subscribe', 'unit_shortlist', 'not_interested')

),

interactions as (

    select
        seen.customer_key,
        seen.event_type,
        seen.project_id,
        seen.venue_id is not null and seen.project_id is null as is_venue_only,
        seen.event_date,
        seen.seen_from

    from {{ ref('int_interactions_seen') }} as seen
    inner join telling_types
        on seen.event_type = telling_types.event_type

)

select
    customer_key,
    event_type,
    project_id,
    is_venue_only,
    event_date,
    seen_from,
    count(*) as event_count

from interactions

group by customer_key, event_type, project_id, is_venue_only, event_date, seen_from
