-- One row per graded date and customer known by then: everything that the tier rules look at.

select
    reviews.as_of_date,
    reviews.customer_key,
    reviews.customer_id,
    reviews.customer_type,
    reviews.exclusion_reason,
    reviews.has_marketing_consent,
    intent.intent_level,
    coalesce(scores.r_score, 0) > 0 as holds_a_line,
    composite.composite_score,
    coalesce(composite.coverage, 0) as coverage,
    absent.absent_components,
    case when reviews.is_scoreable then coalesce(property.property_net_60m, 0) end as property_net_60m,
    case when reviews.is_scoreable then coalesce(property.firm_units_60m, 0) end as firm_units_60m,
    scores.spend_12m_outside_property,
    energy.kwh_12m as energy_kwh_12m,
    engagement.engagement_score,
    engagement.days_since_interaction

from {{ ref('int_customer_reviews') }} as reviews
left join {{ ref('int_customers_rfm_segmented') }} as scores
    on reviews.as_of_date = scores.as_of_date and reviews.customer_key = scores.customer_key
left join {{ ref('int_customers_composite') }} as composite
    on reviews.as_of_date = composite.as_of_date and reviews.customer_key = composite.customer_key
left join {{ ref('int_customers_components_absent') }} as absent
    on reviews.as_of_date = absent.as_of_date and reviews.customer_key = absent.customer_key
left join {{ ref('int_customers_property') }} as property
    on reviews.as_of_date = property.as_of_date and reviews.customer_key = property.customer_key
left join {{ ref('int_energy_measured') }} as energy
    on reviews.as_of_date = energy.as_of_date and reviews.customer_key = energy.customer_key
left join {{ ref('int_customers_engagement') }} as engagement
    on reviews.as_of_date = engagement.as_of_date and reviews.customer_key = engagement.customer_key
left join {{ ref('int_customers_intent') }} as intent
    on reviews.as_of_date = intent.as_of_date and reviews.customer_key = intent.customer_key
