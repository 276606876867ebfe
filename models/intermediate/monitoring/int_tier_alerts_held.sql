-- One row per shown date, rule of the monitoring and segment beyond its threshold on that day.

select
    metrics.as_of_date,
    rules.rule_id,
    rules.severity,
    metrics.metric,
    metrics.segment,
    metrics.metric_value,
    rules.threshold,
    rules.owner_team

from {{ ref('int_tier_metrics') }} as metrics
inner join {{ ref('policy_alerts') }} as rules
    on
        metrics.metric = rules.metric
        and rules.segment in ('any', metrics.segment)
        and {{ in_force('rules', 'metrics.as_of_date') }}

where
    (rules.alerts_when = 'above' and metrics.metric_value > rules.threshold)
    or (rules.alerts_when = 'below' and metrics.metric_value < rules.threshold)
