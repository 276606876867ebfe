-- One row per review date and graded customer: the stage of the lifecycle, why, and what it goes by.

select
    lifecycle.as_of_date,
    reviews.customer_id,
    lifecycle.lifecycle_stage,
    lifecycle.stage_reason,
    cast(stages.stage_order as integer) as stage_order,
    cast(lifecycle.idle_days as integer) as idle_days,
    cast(lifecycle.expected_gap_days as integer) as expected_gap_days,
    lifecycle.rhythm_days,
    lifecycle.idle_to_rhythm,
    lifecycle.value_12m,
    lifecycle.value_previous_12m,
    lifecycle.value_trend_12m,
    cast(lifecycle.days_since_first_purchase as integer) as days_since_first_purchase,
    lifecycle.is_own_rhythm,
    lifecycle.has_active_contract,
    lifecycle.has_returned,
    lifecycle.has_added_line,
    lifecycle.first_purchase_date,
    lifecycle.last_activity_date

from {{ ref('int_customers_lifecycle') }} as lifecycle
inner join {{ ref('int_customer_reviews') }} as reviews
    on lifecycle.as_of_date = reviews.as_of_date and lifecycle.customer_key = reviews.customer_key
left join {{ ref('policy_lifecycle_stages') }} as stages
    on lifecycle.lifecycle_stage = stages.lifecycle_stage and {{ in_force('stages', 'lifecycle.as_of_date') }}

where {{ is_shown('lifecycle.as_of_date') }}
