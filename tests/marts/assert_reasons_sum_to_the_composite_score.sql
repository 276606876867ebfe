-- The contributions of a customer's components add up to the composite score of the tier.

select
    tiers.customer_id,
    tiers.composite_score,
    sum(reasons.contribution) as summed_contributions

from {{ ref('customer_tiers') }} as tiers
left join {{ ref('customer_tier_reasons') }} as reasons
    on tiers.customer_id = reasons.customer_id

where tiers.composite_score is not null

group by tiers.customer_id, tiers.composite_score

having sum(reasons.contribution) is null or abs(sum(reasons.contribution) - tiers.composite_score) > 0.0001
