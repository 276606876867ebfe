-- Every component, rule, reason and kind of override has its sentences, in both languages, on every day on which the policy knows it.

with

wanted as (

    select distinct 'about_' || component as text_id, effective_from from {{ ref('policy_tier_weights') }}

    where scenario_id = '{{ scenario() }}'

    union

    select distinct 'component_absent_' || component as text_id, effective_from from {{ ref('policy_tier_weights') }}

    where scenario_id = '{{ scenario() }}'

    union

    select distinct 'dictionary_component_' || component as text_id, effective_from from {{ ref('policy_tier_weights') }}

    where scenario_id = '{{ scenario() }}'

    union

    select distinct 'dictionary_rule_' || rule_path as text_id, effective_from from {{ ref('policy_tier_rules') }}

    where scenario_id = '{{ scenario() }}'

    union

    select distinct 'tier_' || value_tier as text_id, effective_from from {{ ref('policy_tier_rules') }}

    where scenario_id = '{{ scenario() }}' and value_tier is not null

    union

    select distinct
        case
            when rule_path in ('EXCL', 'POT', 'NOQ') then 'reason_' || rule_path
            when rule_path = 'HR_PROPERTY' then 'fact_HR_PROPERTY_AMOUNT'
            else 'fact_' || rule_path
        end as text_id,
        effective_from

    from {{ ref('policy_tier_rules') }}

    where scenario_id = '{{ scenario() }}'

    union

    select distinct 'reason_' || code as text_id, effective_from from {{ ref('policy_tier_terms') }}

    where scenario_id = '{{ scenario() }}' and section = 'reason'

    union

    select distinct 'override_' || code as text_id, effective_from from {{ ref('policy_tier_terms') }}

    where scenario_id = '{{ scenario() }}' and section = 'override'

    union

    select distinct 'dictionary_' || section || '_' || code as text_id, effective_from from {{ ref('policy_tier_terms') }}

    where scenario_id = '{{ scenario() }}'

)

select
    'policy_reason_texts.csv: ' || wanted.text_id || ' has a text in ' || {{ shown('count(distinct texts.lang)') }}
    || ' of 2 languages on ' || {{ shown('wanted.effective_from') }} || '; add the rows for en and zh.' as problem

from wanted
left join {{ ref('policy_reason_texts') }} as texts
    on
        wanted.text_id = texts.text_id
        and texts.scenario_id = '{{ scenario() }}'
        and texts.effective_from <= wanted.effective_from
        and (texts.effective_to is null or wanted.effective_from < texts.effective_to)

group by wanted.text_id, wanted.effective_from

having count(distinct texts.lang) <> 2
