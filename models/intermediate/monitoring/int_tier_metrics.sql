-- One row per shown date, metric and segment: everything that a rule of policy_alerts can look at.
{{ config(materialized='view') }}

select
    as_of_date,
    kpi as metric,
    segment,
    kpi_value as metric_value

from {{ ref('int_tier_kpis') }}

union all

select
    as_of_date,
    'psi' as metric,
    compared_with as segment,
    psi as metric_value

from {{ ref('int_tier_drifts') }}

union all

select
    as_of_date,
    metric,
    segment,
    metric_value

from {{ ref('int_override_metrics') }}

union all

select
    gates.as_of_date,
    'clv_gate_closed' as metric,
    gates.lob as segment,
    cast(case when gates.is_passed then 0 else 1 end as decimal(18, 4)) as metric_value

from {{ ref('int_clv_gates') }} as gates
inner join {{ ref('int_monitoring_dates') }} as dates
    on gates.as_of_date = dates.as_of_date

where gates.lob = 'total'
