-- One row per term of the tiers that the policy of the as-of date uses.

with

clock as (

    select as_of_date from {{ ref('int_review_dates') }}

    where is_current

),

entries as (

    select
        'tier' as section,
        rules.rule_tier as code,
        'value_tier' as code_type,
        rules.rule_tier as label_code,
        rules.rule_tier as tier,
        min(rules.rule_order) as term_order,
        cast(null as decimal(9, 4)) as figure

    from clock
    inner join {{ ref('int_tier_rules_in_force') }} as rules
        on clock.as_of_date = rules.as_of_date

    where rules.rule_tier is not null

    group by rules.rule_tier

    union all

    select
        'rule' as section,
        rules.rule_path as code,
        'rule_path' as code_type,
        rules.rule_path as label_code,
        rules.rule_tier as tier,
        rules.rule_order as term_order,
        rules.hold_months as figure

    from clock
    inner join {{ ref('int_tier_rules_in_force') }} as rules
        on clock.as_of_date = rules.as_of_date

    union all

    select
        'component' as section,
        weights.component as code,
        'component' as code_type,
        weights.component as label_code,
        cast(null as {{ type_text() }}) as tier,
        row_number() over (order by weights.weight desc, weights.component) as term_order,
        weights.weight * 100 as figure

    from clock
    inner join {{ ref('policy_tier_weights') }} as weights
        on {{ in_force('weights', 'clock.as_of_date') }} and weights.weight > 0

    union all

    select
        'alias' as section,
        aliases.vocabulary || '.' || aliases.value_tier as code,
        'tier_alias' as code_type,
        aliases.alias as label_code,
        aliases.value_tier as tier,
        row_number() over (order by aliases.vocabulary, aliases.value_tier) as term_order,
        cast(null as decimal(9, 4)) as figure

    from clock
    inner join {{ ref('policy_tier_aliases') }} as aliases
        on {{ in_force('aliases', 'clock.as_of_date') }}

    union all

    select
        'override' as section,
        reasons.reason_code as code,
        'override_reason' as code_type,
        reasons.reason_code as label_code,
        cast(null as {{ type_text() }}) as tier,
        100 + row_number() over (order by reasons.reason_code) as term_order,
        reasons.max_days as figure

    from clock
    inner join {{ ref('policy_override_reasons') }} as reasons
        on {{ in_force('reasons', 'clock.as_of_date') }}

    union all

    select
        terms.section,
        terms.code,
        terms.code_type,
        terms.code as label_code,
        cast(null as {{ type_text() }}) as tier,
        terms.term_order,
        cast(null as decimal(9, 4)) as figure

    from clock
    inner join {{ ref('policy_tier_terms') }} as terms
        on {{ in_force('terms', 'clock.as_of_date') }}

)

select
    entries.*,
    section = 'rule' and coalesce(tier in ('high', 'medium'), false) as is_by_type,
    case
        when code_type in ('tier_alias', 'override_reason') then 'dictionary_' || code_type
        else 'dictionary_' || section || '_' || code
    end as text_id

from entries
