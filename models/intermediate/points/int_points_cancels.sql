-- One row per cancellation of a redemption: which redemption it names, and whether there is one, with enough left of it (cancel_status).
-- Whether that redemption was itself accepted is asked later.

with recursive

events as (

    select * from {{ ref('int_points_events_placed') }}

    where placed_status is null

),

named as (

    select
        cancels.source_system,
        cancels.event_id,
        cancels.points,
        redeems.event_id as redeem_event_id,
        redeems.points as redeemed_points,
        row_number() over (
            partition by redeems.source_system, redeems.event_id
            order by cancels.posted_on, cancels.event_at, cancels.event_id
        ) as cancel_number

    from events as cancels
    left join events as redeems
        on
            cancels.source_system = redeems.source_system
            and cancels.original_event_id = redeems.event_id
            and cancels.account_key = redeems.account_key
            and redeems.event_type = 'redeem'
            and (
                redeems.posted_on < cancels.posted_on
                or (redeems.posted_on = cancels.posted_on and redeems.event_at < cancels.event_at)
                or (redeems.posted_on = cancels.posted_on and redeems.event_at = cancels.event_at and redeems.event_id < cancels.event_id)
            )

    where cancels.event_type = 'redeem_cancel'

),

-- One after the other: a cancellation of more than is left changes nothing for those after it.
taken as (

    select
        source_system,
        event_id,
        redeem_event_id,
        cancel_number,
        points <= redeemed_points as is_covered,
        case when points <= redeemed_points then redeemed_points - points else redeemed_points end as left_points

    from named

    where redeem_event_id is not null and cancel_number = 1

    union all

    select
        named.source_system,
        named.event_id,
        named.redeem_event_id,
        named.cancel_number,
        named.points <= taken.left_points as is_covered,
        case when named.points <= taken.left_points then taken.left_points - named.points else taken.left_points end as left_points

    from taken
    inner join named
        on
            taken.source_system = named.source_system
            and taken.redeem_event_id = named.redeem_event_id
            and taken.cancel_number + 1 = named.cancel_number

)

select
    named.source_system,
    named.event_id,
    named.redeem_event_id,
    case
        when named.redeem_event_id is null then 'original_missing'
        when not taken.is_covered then 'cancel_exceeds_redeem'
    end as cancel_status

from named
left join taken
    on named.source_system = taken.source_system and named.event_id = taken.event_id
