-- One row per accepted interaction of a known customer, with the review that first knew it.

with

interactions as (

    select
        screened.*,
        greatest(
            screened.event_date, coalesce({{ business_date('screened.recorded_at') }}, screened.event_date)
        ) as known_on

    from {{ ref('int_interactions_screened') }} as screened

    where
        screened.fate = 'accepted'
        and screened.customer_key is not null
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.event_at)') }}, false)

)

select
    interactions.source_system,
    interactions.interaction_id,
    interactions.customer_id,
    interactions.customer_key,
    interactions.event_type,
    interactions.channel,
    interactions.project_id,
    interactions.venue_id,
    interactions.campaign_id,
    interactions.interaction_value,
    interactions.duration_s,
    interactions.event_at,
    interactions.event_date,
    interactions.known_on,
    calendar.first_knowledge_date as seen_from

from interactions
inner join {{ ref('int_calendar') }} as calendar
    on interactions.known_on = calendar.calendar_date
