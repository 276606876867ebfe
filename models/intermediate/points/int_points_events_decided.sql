-- One row per accepted points event known by the as-of date: what the ledger says to it.

select
    events.source_system,
    events.event_id,
    events.customer_key,
    events.account_key,
    events.event_type,
    events.direction,
    events.original_event_id,
    events.partner_id,
    events.points,
    events.event_at,
    events.event_date,
    events.posted_on,
    events.policy_version,
    case
        when events.placed_status is not null then events.placed_status
        when not redeem_answers.is_accepted then 'original_missing'
        when cancels.cancel_status is not null then cancels.cancel_status
        when answers.is_accepted or answers.source_id is null then 'accepted'
        else 'overdraft'
    end as event_status

from {{ ref('int_points_events_placed') }} as events
left join {{ ref('int_points_cancels') }} as cancels
    on events.source_system = cancels.source_system and events.event_id = cancels.event_id
left join {{ ref('int_points_answers') }} as answers
    on events.source_system = answers.source_system and events.event_id = answers.source_id
left join {{ ref('int_points_answers') }} as redeem_answers
    on cancels.source_system = redeem_answers.source_system and cancels.redeem_event_id = redeem_answers.source_id
