-- One row per graded date and customer known by then: the tier that the rules give and why it is that one.

select
    as_of_date,
    customer_key,
    rule_tier as computed_tier,
    rule_level as computed_level,
    case when rule_level is null then rule_path else 'EARNED' end as reason

from {{ ref('int_tier_rules_matched') }}
