-- One row per review date: how the intention to buy is graded by the policy in force that day.
{{ config(materialized='view') }}

select
    review_dates.as_of_date,
    policy.max_age_days,
    policy.firm_days,
    policy.sale_half_life_days,
    policy.venue_half_life_days,
    policy.plus_from,
    policy.zero_from,
    policy.contact_from,
    policy.min_leads,
    policy.conversion_days

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_intent') }} as policy
    on {{ in_force('policy', 'review_dates.as_of_date') }}
