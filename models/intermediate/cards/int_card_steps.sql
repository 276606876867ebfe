-- One row per path and step of its card: a day on which something may happen, once for each member that is merged into it on the day.
-- Days before anything is to be gained change nothing and are left out, but for the first one.

with

mergers as (

    select
        customers.path_key,
        customers.counts_from as merged_on,
        customers.customer_key as merged_key

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_card_paths') }} as paths
        on customers.customer_key = paths.path_key

    where customers.customer_key <> customers.path_key

),

active_days as (

    select path_key, candidate_date as active_from from {{ ref('int_card_ranks') }}

    where is_current and entry_rank > 0

    union all

    select path_key, merged_on as active_from from mergers

),

active as (

    select
        path_key,
        min(active_from) as active_from

    from active_days

    group by path_key

),

steps as (

    select
        days.path_key,
        days.candidate_date,
        mergers.merged_key,
        row_number() over (partition by days.path_key order by days.candidate_date, mergers.merged_key) as step_number,
        row_number() over (partition by days.path_key, days.candidate_date order by mergers.merged_key) as number_in_day,
        count(*) over (partition by days.path_key, days.candidate_date) as day_step_count

    from {{ ref('int_card_days') }} as days
    inner join {{ ref('int_card_paths') }} as paths
        on days.path_key = paths.path_key
    left join active
        on days.path_key = active.path_key
    left join mergers
        on days.path_key = mergers.path_key and days.candidate_date = mergers.merged_on

    where days.is_step and (days.candidate_date = paths.first_day or days.candidate_date >= active.active_from)

)

select
    steps.path_key,
    cast(steps.step_number as integer) as step_number,
    steps.candidate_date,
    steps.merged_key,
    steps.number_in_day = 1 as is_first_of_day,
    steps.number_in_day = steps.day_step_count as is_last_of_day,
    coalesce(ranks.entry_rank, 0) as entry_rank,
    coalesce(ranks.keep_rank, 0) as met_keep_rank,
    ranks.ruled_from,
    causes.source_system as cause_source_system,
    causes.txn_id as cause_txn_id,
    case when causes.txn_id is not null then cast(steps.step_number as integer) end as cause_step,
    case when steps.candidate_date > {{ add_days('causes.event_date', 1) }} then 'LATE_EVENT' else 'UPGRADE' end as cause_reason,
    policy.valid_months,
    policy.grace_days,
    policy.downgrade_mode,
    policy.allow_multi_level_up,
    policy.floor_from_rank,
    policy.floor_years,
    policy.floor_to_rank

from steps
left join {{ ref('int_card_ranks') }} as ranks
    on steps.path_key = ranks.path_key and steps.candidate_date = ranks.candidate_date and ranks.is_current
left join {{ ref('int_card_causes') }} as causes
    on steps.path_key = causes.path_key and steps.candidate_date = causes.candidate_date
left join {{ ref('int_card_policy_in_force') }} as policy
    on steps.candidate_date = policy.candidate_date
