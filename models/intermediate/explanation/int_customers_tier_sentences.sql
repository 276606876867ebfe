-- One row per customer known at the as-of date: one sentence on the tier, in English and in Chinese.
{% set figures = [
    'score', 'gap', 'high_from', 'medium_from', 'next_from', 'keep', 'maintain', 'engagement', 'engagement_from', 'property', 'property_from', 'units',
    'units_from', 'spend', 'spend_from', 'energy', 'energy_from', 'last_contact', 'until'
] %}
{% set parts = ['facts', 'reasons', 'sentences', 'tiers', 'computed_tiers', 'rule_tiers', 'next_tiers', 'override_tiers'] %}

with

texts as (

    select
        figures.*,
        {%- for lang in ['en', 'zh'] %}
        lower({{ lang }}_labels.label) as exclusion_{{ lang }},
        {%- for part in parts %}
        {{ part }}.text_{{ lang }} as {{ part }}_{{ lang }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_customers_tier_figures') }} as figures
    left join {{ ref('int_reason_texts') }} as facts
        on facts.text_id = figures.fact_id
    left join {{ ref('int_reason_texts') }} as reasons
        on reasons.text_id = figures.reason_id
    left join {{ ref('int_reason_texts') }} as sentences
        on sentences.text_id = figures.sentence_id
    left join {{ ref('int_reason_texts') }} as tiers
        on tiers.text_id = 'tier_' || coalesce(figures.value_tier, 'none')
    left join {{ ref('int_reason_texts') }} as computed_tiers
        on computed_tiers.text_id = 'tier_' || coalesce(figures.computed_tier, 'none')
    left join {{ ref('int_reason_texts') }} as rule_tiers
        on rule_tiers.text_id = 'tier_' || figures.rule_tier
    left join {{ ref('int_reason_texts') }} as next_tiers
        on next_tiers.text_id = 'tier_' || figures.next_tier
    left join {{ ref('int_reason_texts') }} as override_tiers
        on override_tiers.text_id = 'tier_' || figures.override_tier
    left join {{ ref('policy_labels') }} as en_labels
        on
            en_labels.code_type = 'exclusion_reason'
            and en_labels.lang = 'en'
            and en_labels.code = figures.exclusion_reason
    left join {{ ref('policy_labels') }} as zh_labels
        on
            zh_labels.code_type = 'exclusion_reason'
            and zh_labels.lang = 'zh'
            and zh_labels.code = figures.exclusion_reason

),

-- The sentence, the reason within it and the facts within that; then the names, and then the figures.
joined as (

    select
        texts.*,
        {%- for lang in ['en', 'zh'] %}
        {{ filled('sentences_' ~ lang, {'tier': 'tiers_' ~ lang, 'override_tier': 'override_tiers_' ~ lang}) }} as framed_{{ lang }},
        {{ filled('reasons_' ~ lang, {
            'tier': 'computed_tiers_' ~ lang, 'facts': 'facts_' ~ lang, 'rule_tier': 'rule_tiers_' ~ lang,
            'next_tier': 'next_tiers_' ~ lang, 'exclusion': 'exclusion_' ~ lang,
            'currency': "'" ~ checked_var('reporting_currency', '^[A-Z]{3}$') ~ "'",
        }) }} as reasoned_{{ lang }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from texts

),

numbered as (

    select
        as_of_date,
        customer_key,
        {%- for lang in ['en', 'zh'] %}
        replace(framed_{{ lang }}, '{core}', coalesce(reasoned_{{ lang }}, '{core}')) as text_{{ lang }},
        {%- endfor %}
        {{ figures | join(',\n        ') }}

    from joined

)

select
    as_of_date,
    customer_key,
    {%- set values = {} %}
    {%- for figure in figures %}{% do values.update({figure: figure}) %}{% endfor %}
    {%- for lang in ['en', 'zh'] %}
    {{ capitalised(filled('text_' ~ lang, values)) }} as tier_sentence_{{ lang }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}

from numbered
