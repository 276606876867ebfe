-- One row per knowledge date and type of interaction: what it says by the policy in force that day.

select
    dates.as_of_date,
    events.event_type,
    events.engagement_weight,
    events.intent_weight,
    events.repeat_intent_weight,
    events.intent_cap,
    events.daily_limit,
    events.is_inbound,
    events.is_lead

from {{ ref('int_knowledge_dates') }} as dates
inner join {{ ref('policy_interaction_events') }} as events
    on {{ in_force('events', 'dates.as_of_date') }}
