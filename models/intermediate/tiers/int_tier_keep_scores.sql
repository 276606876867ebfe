-- One row per graded date and customer type: the composite scores from which high and medium are kept, once they were earned.
-- The lowest of the last months counts: who kept a tier under the policy before keeps it for a while.
{% set first_day = add_days(add_months('policy.as_of_date', '-policy.grandfather_months'), 1) %}

with

windows as (

    select
        policy.as_of_date,
        case when policy.grandfather_months > 0 then {{ first_day }} else policy.as_of_date end as first_day

    from {{ ref('int_tier_policy_in_force') }} as policy

)

select
    windows.as_of_date,
    thresholds.customer_type,
    min(case when thresholds.rule_path = 'SC_HIGH' then coalesce(thresholds.maintain, thresholds.threshold) end) as high_keep,
    min(case when thresholds.rule_path = 'SC_MED' then coalesce(thresholds.maintain, thresholds.threshold) end) as medium_keep

from windows
inner join {{ ref('policy_tier_thresholds') }} as thresholds
    on
        {{ of_scenario('thresholds') }}
        and thresholds.effective_from <= windows.as_of_date
        and (thresholds.effective_to is null or windows.first_day < thresholds.effective_to)

where thresholds.measure = 'composite_score'

group by windows.as_of_date, thresholds.customer_type
