-- One row per path with merges and step: the card, and what is remembered of it. Who is merged brings its card at the end of the day.

with recursive

last_steps as (

    select
        path_key,
        max(step_number) as step_number

    from {{ ref('int_card_states_own') }}

    group by path_key

),

steps as (

    select
        steps.*,
        states.card_rank as merged_rank,
        states.valid_to as merged_valid_to,
        states.grace_until as merged_grace_until,
        states.floor_count as merged_floor_count,
        states.floor_rank as merged_floor_rank,
        states.held_ruled_from as merged_ruled_from

    from {{ ref('int_card_steps') }} as steps
    inner join {{ ref('int_card_paths') }} as paths
        on steps.path_key = paths.path_key
    left join last_steps
        on steps.merged_key = last_steps.path_key
    left join {{ ref('int_card_states_own') }} as states
        on last_steps.path_key = states.path_key and last_steps.step_number = states.step_number

    where paths.has_merges

),

refunds as (

    select * from {{ ref('int_card_refund_steps') }}

),

keeps as (

    select path_key, candidate_date, ruled_from, keep_rank from {{ ref('int_card_ranks') }}

    where not is_current and keep_rank > 0

),

states as (

    {{ card_states('steps', 'refunds', 'keeps') }}

)

select
    path_key,
    step_number,
    candidate_date,
    card_rank,
    valid_to,
    grace_until,
    held_cause,
    held_ruled_from,
    floor_count,
    floor_rank,
    day_reason,
    has_moved,
    was_last_of_day

from states

where step_number > 0
