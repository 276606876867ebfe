-- On every day on which the tier rules or thresholds change, each rule has its thresholds for both customer types, and no
-- threshold is without its rule. Four rules are always needed: without them some customers would have no rule at all.
{% set wanted = [] %}
{%- for rule_path, measures in tier_rule_measures().items() %}
{%- for measure in measures %}
{%- for customer_type in codes('customer_type') %}{% do wanted.append((rule_path, measure, customer_type)) %}{% endfor %}
{%- endfor %}
{%- endfor %}

with

change_days as (

    {{ policy_change_days(['policy_tier_rules', 'policy_tier_thresholds']) }}

),

wanted as (

    {%- for rule_path, measure, customer_type in wanted %}
    select '{{ rule_path }}' as rule_path, '{{ measure }}' as measure, '{{ customer_type }}' as customer_type
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

needed_rules as (

    {%- for rule_path in ['EXCL', 'POT', 'NOQ', 'LOW'] %}
    select '{{ rule_path }}' as rule_path
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

rules as (

    select
        change_days.change_day,
        policy.rule_path

    from change_days
    inner join {{ ref('policy_tier_rules') }} as policy
        on {{ in_force('policy', 'change_days.change_day') }}

),

thresholds as (

    select
        change_days.change_day,
        policy.rule_path,
        policy.measure,
        policy.customer_type

    from change_days
    inner join {{ ref('policy_tier_thresholds') }} as policy
        on {{ in_force('policy', 'change_days.change_day') }}

)

select
    'policy_tier_thresholds.csv: on ' || {{ shown('rules.change_day') }} || ' rule ' || rules.rule_path
    || ' is in force, but no threshold of ' || wanted.measure || ' for customer_type ' || wanted.customer_type
    || '; add the row, or end the rule in policy_tier_rules.csv.' as problem

from rules
inner join wanted
    on rules.rule_path = wanted.rule_path
left join thresholds
    on
        rules.change_day = thresholds.change_day
        and wanted.rule_path = thresholds.rule_path
        and wanted.measure = thresholds.measure
        and wanted.customer_type = thresholds.customer_type

where thresholds.rule_path is null

union all

select
    'policy_tier_thresholds.csv: on ' || {{ shown('thresholds.change_day') }} || ' there is a threshold of '
    || thresholds.measure || ' for rule ' || thresholds.rule_path || ' and customer_type ' || thresholds.customer_type
    || case
        when rules.rule_path is null then ', but policy_tier_rules.csv has no such rule in force; end the row, or add the rule.'
        else ', which that rule does not look at; correct the measure.'
    end as problem

from thresholds
left join rules
    on thresholds.change_day = rules.change_day and thresholds.rule_path = rules.rule_path
left join wanted
    on
        thresholds.rule_path = wanted.rule_path
        and thresholds.measure = wanted.measure
        and thresholds.customer_type = wanted.customer_type

where rules.rule_path is null or wanted.rule_path is null

union all

select
    'policy_tier_rules.csv: on ' || {{ shown('change_days.change_day') }} || ' no row of rule ' || needed_rules.rule_path
    || ' is in force; without it some customers would match no rule: add it.' as problem

from change_days
cross join needed_rules
left join rules
    on change_days.change_day = rules.change_day and needed_rules.rule_path = rules.rule_path

where rules.rule_path is null
