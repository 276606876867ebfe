-- The contributions of a customer's components add up to the composite score of the tier exactly, the points lost to 100 less it.

with

sums as (

    select
        customer_id,
        sum(contribution) as summed_contributions,
        sum(points_lost) as summed_losses

    from {{ ref('customer_tier_reasons') }}

    group by customer_id

)

select
    tiers.customer_id,
    tiers.composite_score,
    sums.summed_contributions,
    sums.summed_losses

from {{ ref('customer_tiers') }} as tiers
left join sums
    on tiers.customer_id = sums.customer_id

where
    sums.summed_contributions is null
    or sums.summed_contributions <> coalesce(tiers.composite_score, 0)
    or sums.summed_losses <> coalesce(100 - tiers.composite_score, 0)
