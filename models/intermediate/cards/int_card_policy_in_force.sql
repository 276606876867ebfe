-- One row per day looked at: the program and the floor of cards in force on it.

select
    days.candidate_date,
    program.policy_version,
    program.valid_months,
    program.grace_days,
    program.downgrade_mode,
    program.allow_multi_level_up,
    program.risk_days,
    floor_from.card_rank as floor_from_rank,
    floors.floor_years,
    floor_to.card_rank as floor_to_rank

from (select distinct candidate_date from {{ ref('int_card_days') }}) as days
left join {{ ref('policy_card_program') }} as program
    on {{ in_force('program', 'days.candidate_date') }}
left join {{ ref('policy_card_floors') }} as floors
    on {{ in_force('floors', 'days.candidate_date') }}
left join {{ ref('policy_card_tiers') }} as floor_from
    on floors.card_tier = floor_from.card_tier and {{ in_force('floor_from', 'days.candidate_date') }}
left join {{ ref('policy_card_tiers') }} as floor_to
    on floors.floor_tier = floor_to.card_tier and {{ in_force('floor_to', 'days.candidate_date') }}
