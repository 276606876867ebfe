-- One row per known version of a request to freeze a value tier that could count: when the freeze begins and ends.
-- Whether it is approved and in force is judged at every graded date; which dates are graded must be known before.

with

longest as (

    select max(reasons.max_days) as max_days from {{ ref('policy_override_reasons') }} as reasons

    where {{ of_scenario('reasons') }}

)

select
    overrides.source_system,
    overrides.override_id,
    overrides.valid_from,
    overrides.valid_to

from {{ ref('int_tier_overrides_seen') }} as overrides
inner join {{ ref('int_as_of_date') }} as clock
    on overrides.valid_from <= clock.as_of_date
inner join longest
    on {{ days_between('overrides.valid_from', 'overrides.valid_to') }} between 1 and longest.max_days

where overrides.kind = 'freeze' and overrides.axis = 'value'
