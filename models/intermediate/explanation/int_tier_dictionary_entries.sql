-- One row per term of the tiers that the policy of the as-of date uses, and customer type where its figures go by that.
{% set terms = {
    'reason': ['EXCL', 'POT', 'NOQ', 'INITIAL', 'EARNED', 'HELD_BY_RULE', 'HELD_BY_MARGIN', 'GRANDFATHERED', 'SOFT_LANDING',
        'WAITS_FOR_REVIEW', 'HELD_UNTIL_REVIEW', 'INTERIM_ENERGY_RISE', 'INTERIM_MULTI_PROPERTY'],
    'override': ['set', 'freeze', 'floor', 'ceiling'],
    'attention': ['at_risk', 'lifecycle', 'dissatisfied', 'negative_feedback', 'upside', 'clv_band', 'growth', 'intent', 'peers', 'both'],
    'review': ['calendar', 'rise', 'fall', 'margin']
} %}
{% set code_types = {
    'tier': 'value_tier', 'rule': 'rule_path', 'override': 'override_kind', 'attention': 'attention_reason', 'review': 'review_term',
    'alias': 'tier_alias'
} %}

with

clock as (

    select as_of_date from {{ ref('int_review_dates') }}

    where is_current

),

rules as (

    select
        rules.*,
        clock.as_of_date

    from clock
    inner join {{ ref('policy_tier_rules') }} as rules
        on {{ in_force('rules', 'clock.as_of_date') }}

),

terms as (

    select 'tier' as section, value_tier as code, value_tier as label_code, value_tier as tier, min(rule_order) as term_order,
        cast(null as {{ type_text() }}) as detail, cast(null as decimal(9, 4)) as figure, true as is_by_type

    from rules

    where value_tier is not null

    group by value_tier

    union all

    select 'rule', rule_path, rule_path, value_tier, rule_order, cast(null as {{ type_text() }}), hold_months, true from rules

    union all

    select 'component', weights.component, weights.component, cast(null as {{ type_text() }}),
        row_number() over (order by weights.weight desc, weights.component), cast(null as {{ type_text() }}), weights.weight * 100, false

    from clock
    inner join {{ ref('policy_tier_weights') }} as weights
        on {{ in_force('weights', 'clock.as_of_date') }} and weights.weight > 0

    union all

    select 'alias', aliases.vocabulary || '.' || aliases.value_tier, aliases.alias, aliases.value_tier,
        row_number() over (order by aliases.vocabulary, aliases.value_tier), aliases.vocabulary, cast(null as decimal(9, 4)), false

    from clock
    inner join {{ ref('policy_tier_aliases') }} as aliases
        on {{ in_force('aliases', 'clock.as_of_date') }}
    {%- for section, codes in terms.items() %}
    {%- for code in codes %}

    union all

    select '{{ section }}', '{{ code }}', '{{ code }}', cast(null as {{ type_text() }}), {{ loop.index }},
        cast(null as {{ type_text() }}), cast(null as decimal(9, 4)), {{ 'true' if code == 'HELD_BY_MARGIN' else 'false' }}
    {%- endfor %}
    {%- endfor %}

)

select
    section,
    code,
    label_code,
    tier,
    detail,
    case section
        {%- for section, code_type in code_types.items() %}
        when '{{ section }}' then '{{ code_type }}'
        {%- endfor %}
        else section
    end as code_type,
    term_order,
    figure,
    is_by_type

from terms
