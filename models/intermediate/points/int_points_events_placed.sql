-- One row per accepted points event known by the as-of date: its account, its posting day, and why it does not count (placed_status).

with

events as (

    select
        events.source_system,
        events.event_id,
        events.customer_key,
        accounts.account_key,
        events.event_type,
        events.direction,
        events.original_event_id,
        events.partner_id,
        events.points,
        events.approved_by is not null as is_approved,
        events.event_at,
        events.event_date,
        accounts.member_since,
        -- Nothing is posted before the account is known to be open.
        greatest(events.known_on, accounts.opened_on) as posted_on

    from {{ ref('int_points_events_screened') }} as events
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_accounts') }} as accounts
        on events.customer_key = accounts.customer_key

    where events.fate = 'accepted' and not events.is_hidden and events.known_on <= clock.as_of_date

)

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
    program.policy_version,
    case
        when events.account_key is null or events.event_date < events.member_since or closures.account_key is not null then 'not_member'
        when events.event_type = 'adjust' and events.points > coalesce(program.adjust_limit, 0) and not events.is_approved
            then 'adjust_not_approved'
    end as placed_status

from events
left join {{ ref('policy_points_program') }} as program
    on {{ in_force('program', 'events.event_date') }}
left join {{ ref('int_account_closures') }} as closures
    on
        events.account_key = closures.account_key
        and events.posted_on > closures.closed_on
        and (closures.reopened_on is null or events.posted_on < closures.reopened_on)
