-- On every day on which the rules of cards change, what a route to a card asks for is enough for some route that keeps it.

with

change_days as (

    {{ policy_change_days(['policy_card_rules']) }}

),

conditions as (

    select
        change_days.change_day,
        policy.card_tier,
        policy.purpose,
        policy.route_id,
        policy.metric,
        policy.threshold

    from change_days
    inner join {{ ref('policy_card_rules') }} as policy
        on {{ in_force('policy', 'change_days.change_day') }}

),

keeping as (

    select
        conditions.*,
        count(*) over (partition by change_day, card_tier, route_id) as condition_count

    from conditions

    where purpose = 'maintain'

),

-- Routes to a card, and those of its maintain routes all of whose conditions they meet.
kept as (

    select
        entries.change_day,
        entries.card_tier,
        entries.route_id,
        keeping.route_id as keep_route_id

    from conditions as entries
    inner join keeping
        on
            entries.change_day = keeping.change_day
            and entries.card_tier = keeping.card_tier
            and entries.metric = keeping.metric
            and entries.threshold >= keeping.threshold

    where entries.purpose = 'entry'

    group by entries.change_day, entries.card_tier, entries.route_id, keeping.route_id, keeping.condition_count

    having count(*) = keeping.condition_count

)

select distinct
    'policy_card_rules.csv: on ' || {{ shown('entries.change_day') }} || ' whoever just gains ' || entries.card_tier || ' by route '
    || entries.route_id || ' would not keep it: each of its maintain routes asks for more; no maintain may be above its entry.' as problem

from conditions as entries
left join kept
    on
        entries.change_day = kept.change_day
        and entries.card_tier = kept.card_tier
        and entries.route_id = kept.route_id

where entries.purpose = 'entry' and kept.route_id is null
