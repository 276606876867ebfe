-- In every line there is a number of repeat purchases that is fully loyal.

select
    policy_version,
    scenario_id,
    lob,
    repeat_target

from {{ ref('policy_lobs') }}

where repeat_target is null or repeat_target <= 0
