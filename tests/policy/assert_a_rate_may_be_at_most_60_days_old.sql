-- int_fx_rates_daily looks back 60 days: a policy that allows older rates would not be followed.

select
    {{ policy_row('policy_parameters', 'policy', ['parameter']) }} || 'value ' || {{ shown('policy.value') }}
    || ' is not between 0 and 60 days.' as problem

from {{ ref('policy_parameters') }} as policy

where
    policy.scenario_id = '{{ scenario() }}'
    and policy.parameter = 'fx_max_stale_days'
    and not coalesce(policy.value between 0 and 60, false)
