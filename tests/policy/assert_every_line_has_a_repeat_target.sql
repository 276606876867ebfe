-- In every line there is a number of repeat purchases that is fully loyal.

select
    {{ policy_row('policy_lobs', 'policy', ['lob']) }} || 'repeat_target ' || {{ shown('policy.repeat_target') }}
    || ' is not above 0; write the repeat purchases that make a fully loyal customer.' as problem

from {{ ref('policy_lobs') }} as policy

where policy.scenario_id = '{{ scenario() }}' and (policy.repeat_target is null or policy.repeat_target <= 0)
