-- One row per alert that is open at the as-of date, with the shown date since when it has held without interruption.

with

alerts as (

    select held.*

    from {{ ref('int_tier_alerts_held') }} as held
    inner join {{ ref('int_monitoring_dates') }} as dates
        on held.as_of_date = dates.as_of_date and dates.is_current

),

-- The last date on which the rule was quiet about the segment.
quiet as (

    select
        alerts.rule_id,
        alerts.segment,
        max(dates.as_of_date) as quiet_on

    from alerts
    cross join {{ ref('int_monitoring_dates') }} as dates
    left join {{ ref('int_tier_alerts_held') }} as held
        on
            dates.as_of_date = held.as_of_date
            and alerts.rule_id = held.rule_id
            and alerts.segment = held.segment

    where held.rule_id is null

    group by alerts.rule_id, alerts.segment

),

opened as (

    select
        alerts.rule_id,
        alerts.segment,
        min(dates.as_of_date) as opened_on

    from alerts
    left join quiet
        on alerts.rule_id = quiet.rule_id and alerts.segment = quiet.segment
    inner join {{ ref('int_monitoring_dates') }} as dates
        on quiet.quiet_on is null or dates.as_of_date > quiet.quiet_on

    group by alerts.rule_id, alerts.segment

)

select
    alerts.as_of_date,
    alerts.rule_id,
    alerts.severity,
    alerts.metric,
    alerts.segment,
    alerts.owner_team,
    case when opened.opened_on = alerts.as_of_date then 'new' else 'open' end as status,
    cast(alerts.metric_value as decimal(18, 4)) as value,
    cast(alerts.threshold as decimal(18, 4)) as threshold,
    opened.opened_on

from alerts
inner join opened
    on alerts.rule_id = opened.rule_id and alerts.segment = opened.segment
