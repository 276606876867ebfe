-- One row per term of the tiers and customer type its figures go by (all: none): its definition, not filled in yet, and the figures.
-- A rule whose measure has no threshold for a type says so.

select
    figures.*,
    entries.section,
    entries.code,
    entries.code_type,
    entries.label_code,
    entries.tier,
    entries.term_order,
    case when entries.is_by_type then figures.customer_type else 'all' end as shown_type,
    case entries.section
        when 'component' then {{ points_as_text('entries.figure') }}
        when 'override' then {{ amount_as_text('entries.figure') }}
        when 'rule' then {{ amount_as_text('entries.figure') }}
    end as figure,
    coalesce(entries.section = 'rule' and entries.figure > 0, false) as is_held,
    case
        when entries.code = 'HR_PROPERTY' and figures.property_from is null and figures.units_from is not null
            then entries.text_id || '_UNITS'
        when entries.code = 'HR_PROPERTY' and figures.property_from is not null and figures.units_from is null
            then entries.text_id || '_AMOUNT'
        when
            (entries.code = 'HR_PROPERTY' and figures.property_from is null)
            or (entries.code = 'HR_ENERGY' and figures.energy_from is null)
            or (entries.code = 'HR_SPEND' and figures.spend_from is null)
            or (entries.code = 'SC_HIGH' and figures.high_from is null)
            or (entries.code = 'SC_MED' and figures.medium_from is null)
            or (entries.code = 'MR_ENGAGED' and (figures.engagement_from is null or figures.days_from is null))
            then 'dictionary_rule_unused'
        else entries.text_id
    end as text_id

from {{ ref('int_tier_dictionary_entries') }} as entries
inner join {{ ref('int_tier_dictionary_figures') }} as figures
    on entries.is_by_type or figures.type_number = 1
