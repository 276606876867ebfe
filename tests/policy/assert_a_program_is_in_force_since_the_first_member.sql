-- Cards and points go back to the first day of membership: the tables they always need are in force on the first day of every account.

with

first_days as (

    select min(member_since) as first_day from {{ ref('int_accounts') }}

)
{%- for seed in ['policy_points_program', 'policy_card_program', 'policy_card_tiers', 'policy_card_rules', 'policy_card_floors'] %}

select
    '{{ seed }}.csv: no row is in force on ' || {{ shown('first_days.first_day') }}
    || ', the first day of a member; let the first row begin earlier (1990-01-01: always).' as problem

from first_days
left join {{ ref(seed) }} as policy
    on {{ in_force('policy', 'first_days.first_day') }}

where first_days.first_day is not null and policy.policy_version is null
{%- if not loop.last %}

union all
{%- endif %}
{%- endfor %}
