-- One row per landed line of points events: its fate (accepted, rejected or duplicate) with the rule.

with

events as (

    select
        stg_events.*,
        clock.as_of_date,
        {{ business_date('stg_events.event_at') }} as event_date,
        {{ business_date('stg_events.recorded_at') }} as recorded_on,
        customers.customer_key,
        repeats.verdict as repeat_verdict

    from {{ ref('stg_raw__points_events') }} as stg_events
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_events.customer_id = customers.customer_id
    left join {{ ref('int_points_events_repeated') }} as repeats
        on stg_events._file = repeats._file and stg_events._line = repeats._line

),

judged as (

    select
        events.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'event_id_missing': 'event_id is null',
            'customer_id_missing': 'customer_id is null',
            'event_type_unknown': 'event_type is null',
            'points_invalid': 'points is null or points <= 0 or points > 1000000000 or points <> floor(points)',
            'event_at_unparsable': 'event_at is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'direction_missing': "event_type in ('adjust', 'transfer') and direction is null",
            'orphan_customer': 'customer_key is null',
        }) }} as rejected_by

    from events

)

select
    _file,
    _line,
    source_system,
    event_id,
    customer_id,
    customer_key,
    event_type,
    case when rejected_by is null then cast(points as bigint) end as points,
    direction,
    original_event_id,
    partner_id,
    approved_by,
    event_at,
    event_date,
    recorded_at,
    greatest(event_date, coalesce(recorded_on, event_date)) as known_on,
    coalesce({{ is_hidden_by_cutoff('coalesce(recorded_at, event_at)') }}, false) as is_hidden,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'value_unreadable': any_unreadable(['direction', 'recorded_at']),
    }) }} as noted_rules

from judged
