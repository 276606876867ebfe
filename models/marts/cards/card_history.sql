-- One row per account and period of one state of its card.

select
    accounts.customer_id as account_id,
    shown.card_tier,
    computed.card_tier as computed_tier,
    periods.reason,
    periods.cause_txn_id as caused_by_txn_id,
    periods.override_id,
    -- What began or ended by hand, and the first day, were not measured for.
    case when periods.reason not in ('INITIAL', 'OVERRIDE_BEGIN', 'OVERRIDE_END') then metrics.qualifying_points end as qualifying_points,
    case when periods.reason not in ('INITIAL', 'OVERRIDE_BEGIN', 'OVERRIDE_END') then metrics.net_spend end as net_spend,
    cast(periods.shown_rank as integer) as card_rank,
    program.policy_version,
    periods.in_grace as is_in_grace,
    periods.valid_from,
    periods.valid_until,
    periods.valid_to as card_valid_to

from {{ ref('int_card_periods_shown') }} as periods
inner join {{ ref('int_card_paths') }} as paths
    on periods.path_key = paths.path_key and periods.path_key = paths.account_key
inner join {{ ref('int_customers_keyed') }} as accounts
    on periods.path_key = accounts.customer_key
left join {{ ref('int_card_metrics') }} as metrics
    on periods.path_key = metrics.path_key and periods.valid_from = metrics.candidate_date
left join {{ ref('policy_card_tiers') }} as shown
    on periods.shown_rank = shown.card_rank and {{ in_force('shown', 'periods.valid_from') }}
left join {{ ref('policy_card_tiers') }} as computed
    on periods.computed_rank = computed.card_rank and {{ in_force('computed', 'periods.valid_from') }}
left join {{ ref('policy_card_program') }} as program
    on {{ in_force('program', 'periods.valid_from') }}
