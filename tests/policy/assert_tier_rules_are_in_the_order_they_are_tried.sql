-- Rules are tried in a fixed order: a rule_order that says otherwise, or a tier that a rule cannot give, would not be followed.

with

places as (

    {%- for rule_path in tier_rule_measures() %}
    select '{{ rule_path }}' as rule_path, {{ loop.index }} as place
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

rules as (

    select
        policy.*,
        places.place,
        {{ policy_row('policy_tier_rules', 'policy', ['rule_path']) }} as policy_row

    from {{ ref('policy_tier_rules') }} as policy
    inner join places
        on policy.rule_path = places.rule_path

    where policy.scenario_id = '{{ scenario() }}'

)

select
    earlier.policy_row || 'rule_order ' || {{ shown('earlier.rule_order') }} || ' is not below that of '
    || later.rule_path || ' (' || {{ shown('later.rule_order') }} || '), but ' || earlier.rule_path
    || ' is tried first; correct the numbers: the order itself is fixed.' as problem

from rules as earlier
inner join rules as later
    on
        earlier.place < later.place
        and earlier.rule_order >= later.rule_order
        and (earlier.effective_to is null or later.effective_from < earlier.effective_to)
        and (later.effective_to is null or earlier.effective_from < later.effective_to)

union all

select
    policy_row || 'value_tier ' || coalesce(value_tier, '(empty)') || ' cannot be given by this rule; it gives '
    || case
        when rule_path in ('EXCL', 'NOQ') then 'none (leave it empty).'
        when rule_path = 'POT' then 'potential.'
        else 'high, medium or low.'
    end as problem

from rules

where
    coalesce(value_tier, '') not in ('high', 'medium', 'low', 'potential', '')
    or (rule_path in ('EXCL', 'NOQ')) <> (value_tier is null)
    or (rule_path = 'POT') <> (coalesce(value_tier, '') = 'potential')
