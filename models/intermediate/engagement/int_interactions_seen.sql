-- One row per accepted interaction of a known customer, with the review that first knew it.

with

interactions as (

    select
        screened.*,
        coalesce({{ business_date('screened.recorded_at') }}, screened.event_date) as recorded_on

    from {{ ref('int_interactions_screened') }} as screened

    where
        screened.fate = 'accepted'
        and screened.customer_key is not null
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.event_at)') }}, false)

)

select
    interactions.interaction_id,
    interactions.customer_key,
    interactions.event_type,
    interactions.channel,
    interactions.project_id,
    interactions.venue_id,
    interactions.interaction_value,
    interactions.event_at,
    interactions.event_date,
    calendar.first_knowledge_date as seen_from

from interactions
inner join {{ ref('int_calendar') }} as calendar
    on greatest(interactions.event_date, interactions.recorded_on) = calendar.calendar_date
