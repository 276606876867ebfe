-- Rules in force together have a place of their own each: who is not graded and who never bought first, everybody else last.
-- Each gives a tier that it can give.

with

rules as (

    select
        policy.*,
        case policy.rule_path when 'EXCL' then 1 when 'POT' then 2 when 'NOQ' then 3 when 'LOW' then 5 else 4 end as place,
        {{ policy_row('policy_tier_rules', 'policy', ['rule_path']) }} as policy_row

    from {{ ref('policy_tier_rules') }} as policy

    where {{ of_scenario('policy') }}

)

select
    earlier.policy_row || 'rule_order ' || {{ shown('earlier.rule_order') }} || ' is not below that of ' || later.rule_path || ' ('
    || {{ shown('later.rule_order') }} || '), which is in force at the same time; '
    || case
        when earlier.place = later.place then 'two rules cannot have one place.'
        when later.place = 5 then 'LOW is for everybody else and comes last.'
        else 'EXCL, POT and NOQ come first, in this order.'
    end as problem

from rules as earlier
inner join rules as later
    on
        (
            (earlier.place < later.place and earlier.rule_order >= later.rule_order)
            or (earlier.place = later.place and earlier.rule_order = later.rule_order and earlier.rule_path < later.rule_path)
        )
        and (earlier.effective_to is null or later.effective_from < earlier.effective_to)
        and (later.effective_to is null or earlier.effective_from < later.effective_to)

union all

select
    policy_row || 'value_tier ' || {{ shown('value_tier') }} || ' cannot be given by this rule; it gives '
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
