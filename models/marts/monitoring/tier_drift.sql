-- One row per shown date and date it is compared with: how far the mix of tiers has moved.

select
    drifts.as_of_date,
    drifts.compared_with,
    drifts.base_date,
    case
        when drifts.psi > alarm.threshold then 'alarm'
        when drifts.psi > alert.threshold then 'alert'
        else 'none'
    end as drift,
    cast(drifts.psi as decimal(18, 4)) as psi

from {{ ref('int_tier_drifts') }} as drifts
left join {{ ref('policy_alerts') }} as alarm
    on alarm.rule_id = 'drift_alarm' and {{ in_force('alarm', 'drifts.as_of_date') }}
left join {{ ref('policy_alerts') }} as alert
    on alert.rule_id = 'drift_alert' and {{ in_force('alert', 'drifts.as_of_date') }}
