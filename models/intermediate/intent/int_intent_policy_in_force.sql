-- One row per knowledge date: how the intention to buy is graded by the policy in force that day.
{{ config(materialized='view') }}

select
    dates.as_of_date,
    policy.max_age_days,
    policy.firm_days,
    policy.sale_half_life_days,
    policy.venue_half_life_days,
    policy.plus_from,
    policy.zero_from,
    policy.contact_from,
    policy.min_leads,
    policy.conversion_days

from {{ ref('int_knowledge_dates') }} as dates
inner join {{ ref('policy_intent') }} as policy
    on {{ in_force('policy', 'dates.as_of_date') }}
