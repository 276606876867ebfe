-- One row per customer known at the as-of date: one sentence on the tier, in English and in Chinese.
{% set figures = [
    'score', 'gap', 'high_from', 'medium_from', 'keep', 'maintain', 'engagement', 'engagement_from', 'property', 'property_from', 'units',
    'units_from', 'spend', 'spend_from', 'energy', 'energy_from', 'last_contact', 'until'
] %}
{% set texts = {
    'facts': 'figures.fact_id', 'reasons': 'figures.reason_id', 'sentences': 'figures.sentence_id',
    'tiers': "'tier_' || coalesce(figures.value_tier, 'none')", 'computed_tiers': "'tier_' || coalesce(figures.computed_tier, 'none')",
    'rule_tiers': "'tier_' || figures.rule_tier", 'next_tiers': "'tier_' || figures.next_tier",
    'override_tiers': "'tier_' || figures.override_tier"
} %}

with

texts as (

    select
        figures.*,
        {%- for lang in ['en', 'zh'] %}
        lower({{ lang }}_labels.label) as exclusion_{{ lang }},
        {%- for alias in texts %}
        {{ alias }}.text_{{ lang }} as {{ alias }}_{{ lang }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_customers_tier_figures') }} as figures
    {%- for alias, text_id in texts.items() %}
    left join {{ ref('int_reason_texts') }} as {{ alias }}
        on {{ alias }}.text_id = {{ text_id }}
    {%- endfor %}
    {%- for lang in ['en', 'zh'] %}
    left join {{ ref('policy_labels') }} as {{ lang }}_labels
        on
            {{ lang }}_labels.code_type = 'exclusion_reason'
            and {{ lang }}_labels.lang = '{{ lang }}'
            and {{ lang }}_labels.code = figures.exclusion_reason
    {%- endfor %}

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
