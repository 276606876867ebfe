-- One row per graded date: the policy in force that day of what a tier keeps, and what lifts it.
{{ config(materialized='view') }}

select
    dates.as_of_date,
    policy.margin_hold_months,
    policy.grandfather_months,
    policy.energy_rise_months,
    policy.energy_rise_ratio,
    policy.energy_rise_min_kwh,
    policy.multi_property_units,
    policy.multi_property_months

from {{ ref('int_review_dates') }} as dates
inner join {{ ref('policy_tiers') }} as policy
    on {{ in_force('policy', 'dates.as_of_date') }}
