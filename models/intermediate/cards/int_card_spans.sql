-- One row per path and stretch of days with one computed card: from a day on which something happened until the next.

with

states as (

    select * from {{ ref('int_card_states_own') }}

    where was_last_of_day and day_reason is not null

    union all

    select * from {{ ref('int_card_states_merged') }}

    where was_last_of_day and day_reason is not null

)

select
    states.path_key,
    states.card_rank,
    states.floor_rank,
    states.day_reason,
    causes.cause_txn_id,
    states.has_moved,
    states.grace_until is not null as in_grace,
    states.valid_to,
    states.grace_until,
    states.candidate_date as valid_from,
    lead(states.candidate_date) over (partition by states.path_key order by states.candidate_date) as valid_until

from states
left join {{ ref('int_card_steps') }} as causes
    on states.path_key = causes.path_key and states.held_cause = causes.step_number
