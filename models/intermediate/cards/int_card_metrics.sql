-- One row per path and day looked at: everything a rule of cards may ask for.

select
    periods.path_key,
    periods.candidate_date,
    periods.is_step,
    coalesce(points.qualifying_points, 0) as qualifying_points,
    coalesce(points.lifetime_points, 0) as lifetime_points,
    cast(coalesce(occasions.occasions, 0) as bigint) as occasions,
    cast(coalesce(occasions.lobs, 0) as bigint) as lobs,
    periods.tenure_months,
    case when overdues.path_key is null then 1 else 0 end as no_overdue,
    cast(coalesce(spends.net_spend, 0) as decimal(18, 4)) as net_spend

from {{ ref('int_card_periods') }} as periods
left join {{ ref('int_card_points') }} as points
    on periods.path_key = points.path_key and periods.candidate_date = points.candidate_date
left join {{ ref('int_card_spends') }} as spends
    on periods.path_key = spends.path_key and periods.candidate_date = spends.candidate_date
left join {{ ref('int_card_occasions') }} as occasions
    on periods.path_key = occasions.path_key and periods.candidate_date = occasions.candidate_date
left join {{ ref('int_card_overdues') }} as overdues
    on periods.path_key = overdues.path_key and periods.candidate_date = overdues.candidate_date
