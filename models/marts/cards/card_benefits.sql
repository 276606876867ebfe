-- One row per member and benefit of its card at the as-of date.

select
    cards.as_of_date,
    cards.customer_id,
    cards.card_tier,
    benefits.benefit,
    en.label as benefit_en,
    zh.label as benefit_zh,
    benefits.partner_id,
    benefits.from_rank,
    benefits.value as benefit_value

from {{ ref('customer_cards') }} as cards
inner join {{ ref('policy_card_tiers') }} as tiers
    on cards.card_tier = tiers.card_tier and {{ in_force('tiers', 'cards.as_of_date') }}
inner join {{ ref('policy_benefits') }} as benefits
    on benefits.from_rank <= tiers.card_rank and {{ in_force('benefits', 'cards.as_of_date') }}
left join {{ ref('policy_labels') }} as en
    on en.code_type = 'benefit' and benefits.benefit = en.code and en.lang = 'en'
left join {{ ref('policy_labels') }} as zh
    on zh.code_type = 'benefit' and benefits.benefit = zh.code and zh.lang = 'zh'
