-- One row per graded date and override known by then: its status. At most one override of a customer is applied.

with

-- The review whose tier a freeze keeps.
frozen_dates as (

    select
        checked.as_of_date,
        checked.source_system,
        checked.override_id,
        max(reviews.as_of_date) as frozen_on

    from {{ ref('int_tier_overrides_checked') }} as checked
    inner join {{ ref('int_review_dates') }} as reviews
        on reviews.is_review and reviews.as_of_date <= checked.valid_from

    where checked.kind = 'freeze'

    group by checked.as_of_date, checked.source_system, checked.override_id

),

met as (

    select
        checked.*,
        case
            when coalesce(checked.kind, 'none') <> 'freeze' then checked.tier
            when checked.axis = 'card' then cards.override_tier
            when checked.obstacle is null then frozen.computed_tier
        end as override_tier,
        case
            when checked.obstacle is not null then checked.obstacle
            -- Cards are judged by themselves, path by path.
            when checked.axis = 'card' then coalesce(cards.status, 'not_graded')
            when not coalesce(reviews.is_scoreable, false) then 'not_graded'
            when checked.kind = 'freeze' and frozen.computed_level is null then 'nothing_to_hold'
            when checked.kind in ('floor', 'ceiling') and states.computed_level is null then 'nothing_to_hold'
        end as met_obstacle

    from {{ ref('int_tier_overrides_checked') }} as checked
    left join {{ ref('int_customer_reviews') }} as reviews
        on checked.as_of_date = reviews.as_of_date and checked.customer_key = reviews.customer_key
    left join {{ ref('int_tier_states') }} as states
        on checked.as_of_date = states.as_of_date and checked.customer_key = states.customer_key
    left join frozen_dates
        on
            checked.as_of_date = frozen_dates.as_of_date
            and checked.source_system = frozen_dates.source_system
            and checked.override_id = frozen_dates.override_id
    left join {{ ref('int_tier_states') }} as frozen
        on frozen_dates.frozen_on = frozen.as_of_date and checked.customer_key = frozen.customer_key
    left join {{ ref('int_card_overrides_judged') }} as cards
        on
            checked.as_of_date = cards.as_of_date
            and checked.source_system = cards.source_system
            and checked.override_id = cards.override_id

),

ranked as (

    select
        met.*,
        row_number() over (
            partition by met.as_of_date, met.customer_key, met.met_obstacle
            order by {{ override_precedence() }}
        ) as precedence

    from met

)

select
    as_of_date,
    source_system,
    override_id,
    customer_key,
    axis,
    kind,
    tier,
    override_tier,
    reason_code,
    coalesce(met_obstacle, case when precedence = 1 then 'applied' else 'overruled' end) as status,
    requested_by,
    approved_by,
    valid_from,
    valid_to,
    approved_on,
    revoked_on

from ranked
