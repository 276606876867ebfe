-- One row per path, day and override of cards known by then: its status. At most one override of a path is applied.

with

met as (

    select
        days.path_key,
        days.is_step,
        checked.*,
        tiers.card_rank as override_rank,
        tiers.card_tier as override_tier,
        case
            when checked.obstacle is not null then checked.obstacle
            when checked.kind = 'freeze' and frozen.path_key is null then 'nothing_to_hold'
        end as met_obstacle

    from {{ ref('int_card_override_days') }} as days
    inner join {{ ref('int_card_overrides_checked') }} as checked
        on days.as_of_date = checked.as_of_date and days.customer_key = checked.customer_key
    left join {{ ref('int_card_spans') }} as frozen
        on
            days.path_key = frozen.path_key
            and frozen.valid_from <= checked.valid_from
            and (frozen.valid_until is null or checked.valid_from < frozen.valid_until)
    left join {{ ref('policy_card_tiers') }} as tiers
        on
            ((checked.kind = 'freeze' and frozen.card_rank = tiers.card_rank) or checked.tier = tiers.card_tier)
            and {{ in_force('tiers', 'days.as_of_date') }}

),

ranked as (

    select
        met.*,
        row_number() over (
            partition by path_key, as_of_date, met_obstacle
            order by {{ override_precedence() }}
        ) as precedence

    from met

)

select
    path_key,
    as_of_date,
    is_step,
    source_system,
    override_id,
    customer_key,
    kind,
    case when met_obstacle is null then override_rank end as override_rank,
    case when met_obstacle is null then override_tier end as override_tier,
    coalesce(met_obstacle, case when precedence = 1 then 'applied' else 'overruled' end) as status

from ranked
