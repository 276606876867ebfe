-- One row per customer known at the as-of date and component with a weight: one sentence on it, in English and in Chinese.

with

figures as (

    select
        contributions.as_of_date,
        contributions.customer_key,
        contributions.component,
        tiers.next_tier,
        contributions.is_present,
        tiers.exclusion_reason is not null as is_excluded,
        coalesce(changes.is_smallest_change, false) as is_smallest_change,
        contributions.contribution >= 0.1 as adds,
        contributions.points_lost >= 0.1 as leaves,
        {{ points_as_text('contributions.score') }} as score,
        {{ points_as_text('contributions.contribution') }} as contribution,
        {{ points_as_text('contributions.points_lost') }} as points_lost,
        {{ enough_points_as_text('changes.change_to_next') }} as change

    from {{ ref('int_tier_contributions') }} as contributions
    inner join {{ ref('int_customers_tiered') }} as tiers
        on contributions.as_of_date = tiers.as_of_date and contributions.customer_key = tiers.customer_key
    left join {{ ref('int_tier_changes') }} as changes
        on
            contributions.as_of_date = changes.as_of_date
            and contributions.customer_key = changes.customer_key
            and contributions.component = changes.component

),

chosen as (

    select
        figures.*,
        case
            when is_excluded then 'component_not_graded'
            when not is_present then 'component_absent_' || component
            when is_smallest_change and not adds then 'component_none_next'
            when is_smallest_change and leaves then 'component_open_next'
            when adds and leaves then 'component_open'
            when leaves then 'component_none'
            when adds then 'component_full'
            else 'component_slight'
        end as text_id

    from figures

)

select
    chosen.as_of_date,
    chosen.customer_key,
    chosen.component,
    {%- for lang in ['en', 'zh'] %}
    {{ filled('texts.text_' ~ lang, {
        'about': 'abouts.text_' ~ lang,
        'score': 'chosen.score',
        'contribution': 'chosen.contribution',
        'points_lost': 'chosen.points_lost',
        'change': 'chosen.change',
        'next_tier': 'tiers.text_' ~ lang,
    }) }} as sentence_{{ lang }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}

from chosen
left join {{ ref('int_reason_texts') }} as texts
    on chosen.text_id = texts.text_id
left join {{ ref('int_reason_texts') }} as abouts
    on abouts.text_id = 'about_' || chosen.component
left join {{ ref('int_reason_texts') }} as tiers
    on tiers.text_id = 'tier_' || chosen.next_tier
