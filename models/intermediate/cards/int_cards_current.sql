-- One row per account: its card at the as-of date, computed and shown, and since when it has that card.

with

periods as (

    select
        periods.*,
        lag(periods.shown_rank) over (partition by periods.path_key order by periods.valid_from) as rank_before

    from {{ ref('int_card_periods_shown') }} as periods
    inner join {{ ref('int_card_paths') }} as paths
        on periods.path_key = paths.path_key and periods.path_key = paths.account_key

),

runs as (

    select
        path_key,
        max(valid_from) as since

    from periods

    where rank_before is null or rank_before <> shown_rank

    group by path_key

)

select
    clock.as_of_date,
    periods.path_key as account_key,
    periods.computed_rank,
    periods.shown_rank,
    periods.reason,
    greatest(coalesce(ranks.keep_rank, 0), periods.floor_rank) as keep_rank,
    periods.floor_rank > 0 as is_floor,
    periods.in_grace,
    runs.since,
    periods.valid_to,
    cast({{ days_between('clock.as_of_date', 'coalesce(periods.grace_until, periods.valid_to)') }} as integer) as days_left,
    program.risk_days

from periods
inner join runs
    on periods.path_key = runs.path_key
cross join {{ ref('int_as_of_date') }} as clock
left join {{ ref('policy_card_program') }} as program
    on {{ in_force('program', 'clock.as_of_date') }}
left join {{ ref('int_card_ranks') }} as ranks
    on periods.path_key = ranks.path_key and clock.as_of_date = ranks.candidate_date and ranks.is_current

where periods.valid_until is null
