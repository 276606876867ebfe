-- One row per knowledge date: how lifetime value is estimated by the policy in force that day.
{{ config(materialized='view') }}

select
    dates.as_of_date,
    cast(policy.discount_rate as {{ type_double() }}) as discount_rate,
    cast(policy.days_per_month as {{ type_double() }}) as days_per_month,
    policy.horizon_months,
    policy.tier_basis,
    policy.min_customers,
    policy.min_repeat_purchases,
    policy.min_repeaters,
    cast(policy.max_relative_error as {{ type_double() }}) as max_relative_error,
    cast(policy.prior_purchases as {{ type_double() }}) as prior_purchases,
    cast(policy.prior_strength as {{ type_double() }}) as prior_strength,
    policy.billing_gap_days,
    policy.renewal_grace_days,
    policy.gate_min_customers,
    cast(policy.gate_min_ratio as {{ type_double() }}) as gate_min_ratio,
    cast(policy.gate_max_ratio as {{ type_double() }}) as gate_max_ratio,
    cast(policy.gate_min_capture as {{ type_double() }}) as gate_min_capture,
    -- The days until the review that compares the predictions of this day with what came.
    {{ days_between('dates.as_of_date', 'dates.backtest_until') }} as backtest_days

from {{ ref('int_knowledge_dates') }} as dates
inner join {{ ref('policy_clv') }} as policy
    on {{ in_force('policy', 'dates.as_of_date') }}
