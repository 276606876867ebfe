-- One row per knowledge date and customer with interactions that bear on intent: the sum of their points, and the last of some types.

with

types as (

    select
        as_of_date,
        customer_key,
        event_type,
        cast(sum(points) as decimal(28, 10)) as points,
        max(event_date) as last_date

    from {{ ref('int_intent_points') }}

    group by as_of_date, customer_key, event_type

),

capped as (

    select
        types.*,
        events.intent_weight,
        greatest(
            least(types.points, cast(events.intent_cap as decimal(28, 10))), cast(-events.intent_cap as decimal(28, 10))
        ) as capped_points

    from types
    inner join {{ ref('int_interaction_events_in_force') }} as events
        on types.as_of_date = events.as_of_date and types.event_type = events.event_type

)

select
    as_of_date,
    customer_key,
    cast(greatest(0, least(100, cast(sum(capped_points) as decimal(28, 10)))) as decimal(9, 4)) as intent_points,
    bool_or(intent_weight <> 0) as has_weight,
    max(case when intent_weight <> 0 then last_date end) as last_intent_date,
    max(case when intent_weight > 0 then last_date end) as last_interest_date,
    max(case when event_type = 'not_interested' then last_date end) as last_declined_date,
    max(case when event_type = 'subscribe' then last_date end) as last_subscribed_date,
    max(case when event_type = 'unit_shortlist' then last_date end) as last_shortlisted_date

from capped

group by as_of_date, customer_key
