-- One row per shown date, figure and segment, beside its target where the policy has one.

select
    kpis.as_of_date,
    kpis.kpi,
    kpis.segment,
    cast(kpis.customer_count as bigint) as customer_count,
    cast(kpis.kpi_value as decimal(18, 4)) as value,
    cast(targets.target as decimal(18, 4)) as target,
    case targets.better
        when 'higher' then kpis.kpi_value >= targets.target
        when 'lower' then kpis.kpi_value <= targets.target
    end as is_met

from {{ ref('int_tier_kpis') }} as kpis
left join {{ ref('policy_kpi_targets') }} as targets
    on
        kpis.kpi = targets.kpi
        and kpis.segment = targets.segment
        and {{ in_force('targets', 'kpis.as_of_date') }}
