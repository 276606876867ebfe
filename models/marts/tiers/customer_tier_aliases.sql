-- One row per customer known at the as-of date and vocabulary: what the tier is called in it.

with

vocabularies as (

    select distinct
        review_dates.as_of_date,
        aliases.vocabulary

    from {{ ref('int_review_dates') }} as review_dates
    inner join {{ ref('policy_tier_aliases') }} as aliases
        on {{ in_force('aliases', 'review_dates.as_of_date') }}

    where review_dates.is_current

)

select
    tiers.as_of_date,
    tiers.customer_id,
    vocabularies.vocabulary,
    aliases.alias,
    tiers.value_tier

from {{ ref('int_customers_tiered') }} as tiers
inner join vocabularies
    on tiers.as_of_date = vocabularies.as_of_date
left join {{ ref('policy_tier_aliases') }} as aliases
    on
        vocabularies.vocabulary = aliases.vocabulary
        and tiers.value_tier = aliases.value_tier
        and {{ in_force('aliases', 'tiers.as_of_date') }}
