-- One row per graded date and tier rule in force that day: its place in the order, its tier and level, and how long it holds.

select
    dates.as_of_date,
    rules.rule_path,
    rules.rule_order,
    rules.value_tier as rule_tier,
    case rules.value_tier when 'high' then 2 when 'medium' then 1 when 'low' then 0 end as rule_level,
    rules.hold_months

from {{ ref('int_review_dates') }} as dates
inner join {{ ref('policy_tier_rules') }} as rules
    on {{ in_force('rules', 'dates.as_of_date') }}
