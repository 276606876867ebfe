-- The final tier is the computed one unless an override is applied, and then override_audit lists it at the as-of date.

select
    tiers.as_of_date,
    tiers.customer_id,
    tiers.computed_tier,
    tiers.value_tier,
    tiers.override_id

from {{ ref('int_customers_tiered') }} as tiers
inner join {{ ref('int_review_dates') }} as review_dates
    on tiers.as_of_date = review_dates.as_of_date
left join {{ ref('override_audit') }} as audit
    on tiers.customer_id = audit.customer_id and tiers.override_id = audit.override_id and audit.is_applied

where
    (tiers.override_id is null and coalesce(tiers.value_tier, 'none') <> coalesce(tiers.computed_tier, 'none'))
    or (review_dates.is_current and tiers.override_id is not null and audit.override_id is null)
    or (tiers.override_id is not null and tiers.exclusion_reason is not null)
