-- One row per path without merges and step: the card, and what is remembered of it.

with recursive

steps as (

    select
        steps.*,
        cast(null as integer) as merged_rank,
        cast(null as date) as merged_valid_to,
        cast(null as date) as merged_grace_until,
        cast(null as integer) as merged_floor_count,
        cast(null as integer) as merged_floor_rank,
        cast(null as date) as merged_ruled_from

    from {{ ref('int_card_steps') }} as steps
    inner join {{ ref('int_card_paths') }} as paths
        on steps.path_key = paths.path_key

    where not paths.has_merges

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
