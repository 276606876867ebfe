-- One row per language, term of the tiers and customer type its definition goes by: what it is called and what it means today.
{% set figures = [
    'high_from', 'medium_from', 'high_keep', 'medium_keep', 'engagement_from', 'days_from', 'property_from', 'units_from', 'spend_from',
    'energy_from', 'margin_months', 'grandfather_months', 'rise_months', 'rise_ratio', 'rise_kwh', 'multi_units', 'multi_months',
    'review_months', 'min_peers', 'peer_quantile', 'currency'
] %}
{% set values = {
    'weight': 'terms.figure', 'hold_months': 'terms.figure', 'max_days': 'terms.figure', 'tier': 'tiers.text', 'vocabulary': 'vocabularies.label'
} %}
{% for figure in figures %}{% do values.update({figure: 'terms.' ~ figure}) %}{% endfor %}

with

texts as (

    select
        text_id,
        'en' as lang,
        text_en as text

    from {{ ref('int_reason_texts') }}

    union all

    select
        text_id,
        'zh' as lang,
        text_zh as text

    from {{ ref('int_reason_texts') }}

),

labels as (

    select
        code_type,
        code,
        lang,
        label

    from {{ ref('policy_labels') }}

),

terms as (

    select
        terms.*,
        texts.lang,
        texts.text || case when terms.is_held and terms.text_id <> 'dictionary_rule_unused' then holds.text else '' end as text,
        case terms.section
            when 'tier' then 1
            when 'rule' then 2
            when 'component' then 3
            when 'reason' then 4
            when 'override' then 5
            when 'attention' then 6
            when 'alias' then 7
            else 8
        end as section_order

    from {{ ref('int_tier_dictionary_terms') }} as terms
    inner join texts
        on terms.text_id = texts.text_id
    inner join texts as holds
        on texts.lang = holds.lang and holds.text_id = 'dictionary_hold'

)

select
    terms.as_of_date,
    terms.lang,
    terms.section,
    terms.code,
    terms.shown_type as customer_type,
    labels.label,
    {{ capitalised(filled('terms.text', values)) }} as definition,
    cast(1000 * terms.section_order + terms.term_order as integer) as print_order

from terms
left join texts as tiers
    on terms.lang = tiers.lang and tiers.text_id = 'tier_' || terms.tier
left join labels
    on terms.lang = labels.lang and terms.code_type = labels.code_type and terms.label_code = labels.code
left join labels as vocabularies
    on
        terms.lang = vocabularies.lang
        and vocabularies.code_type = 'tier_vocabulary'
        and terms.section = 'alias'
        and terms.code = vocabularies.code || '.' || terms.tier
