-- One row per customer known at the as-of date and component with a weight: what it adds to the score, what it leaves open, what it takes.

select
    ranked.as_of_date,
    tiers.customer_id,
    ranked.component,
    tiers.value_tier,
    tiers.computed_tier,
    tiers.rule_tier,
    case
        when tiers.reason like 'INTERIM_%' then case tiers.computed_tier when 'high' then 'medium' when 'medium' then 'low' end
        when tiers.reason not in ('EXCL', 'POT', 'NOQ', 'INITIAL', 'EARNED') then tiers.computed_tier
    end as held_tier,
    tiers.rule_path,
    tiers.reason,
    tiers.next_tier,
    tiers.override_kind,
    tiers.override_tier,
    sentences.sentence_en,
    sentences.sentence_zh,
    ranked.weight,
    ranked.score,
    ranked.contribution,
    ranked.points_lost,
    cast(ranked.contribution_rank as integer) as contribution_rank,
    cast(ranked.lost_rank as integer) as lost_rank,
    ranked.contribution_median,
    cast(ranked.top_plus_rank as integer) as top_plus_rank,
    cast(ranked.top_minus_rank as integer) as top_minus_rank,
    changes.change_to_next,
    cast(tiers.composite_score as decimal(9, 4)) as composite_score,
    cast(thresholds.medium_score as decimal(9, 4)) as medium_from,
    cast(thresholds.high_score as decimal(9, 4)) as high_from,
    cast(thresholds.medium_keep as decimal(9, 4)) as medium_keep,
    cast(thresholds.high_keep as decimal(9, 4)) as high_keep,
    cast(tiers.score_gap_to_next as decimal(9, 4)) as score_gap_to_next,
    ranked.is_present,
    coalesce(changes.is_smallest_change, false) as is_smallest_change

from {{ ref('int_tier_contributions_ranked') }} as ranked
inner join {{ ref('int_customers_tiered') }} as tiers
    on ranked.as_of_date = tiers.as_of_date and ranked.customer_key = tiers.customer_key
inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
    on tiers.as_of_date = thresholds.as_of_date and tiers.customer_type = thresholds.customer_type
inner join {{ ref('int_tier_component_sentences') }} as sentences
    on
        ranked.as_of_date = sentences.as_of_date
        and ranked.customer_key = sentences.customer_key
        and ranked.component = sentences.component
left join {{ ref('int_tier_changes') }} as changes
    on
        ranked.as_of_date = changes.as_of_date
        and ranked.customer_key = changes.customer_key
        and ranked.component = changes.component
