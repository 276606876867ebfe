-- int_fx_rates_daily looks back 60 days: a policy that allows older rates would not be followed.

select * from {{ ref('policy_parameters') }}

where parameter = 'fx_max_stale_days' and value not between 0 and 60
