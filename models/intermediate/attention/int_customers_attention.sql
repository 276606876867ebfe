-- One row per shown date and customer known by then: is a tier at risk, is there more in the customer than the tier says, and why?

with

signals as (

    select
        tiers.as_of_date,
        tiers.customer_key,
        tiers.value_tier in ('high', 'medium') as may_fall,
        tiers.value_tier in ('low', 'medium') as may_rise,
        lifecycle.lifecycle_stage in ('decline', 'dormant', 'churned') as has_lapsed,
        satisfaction.sat_class = 'dissatisfied' as is_dissatisfied,
        feedback.fb_grade = 'negative' as has_negative_feedback,
        clv.clv_band = 'high' or (clv.clv_band = 'mid' and tiers.value_tier = 'low') as has_higher_band,
        lifecycle.lifecycle_stage = 'growth' as is_growing,
        intent.intent_level in ('A', 'B+', 'B', 'B-') as has_intent,
        peers.peer_high_share > 0 and peers.peer_high_share >= quantiles.standing_out_share as has_high_peers,
        peers.peer_high_share

    from {{ ref('int_customers_tiered') }} as tiers
    inner join {{ ref('int_review_dates') }} as review_dates
        on tiers.as_of_date = review_dates.as_of_date and review_dates.is_shown
    left join {{ ref('int_customers_lifecycle') }} as lifecycle
        on tiers.as_of_date = lifecycle.as_of_date and tiers.customer_key = lifecycle.customer_key
    left join {{ ref('int_customers_satisfaction') }} as satisfaction
        on tiers.as_of_date = satisfaction.as_of_date and tiers.customer_key = satisfaction.customer_key
    left join {{ ref('int_customers_feedback_graded') }} as feedback
        on tiers.as_of_date = feedback.as_of_date and tiers.customer_key = feedback.customer_key
    left join {{ ref('int_clv_customers_scored') }} as clv
        on tiers.as_of_date = clv.as_of_date and tiers.customer_key = clv.customer_key
    left join {{ ref('int_customers_intent') }} as intent
        on tiers.as_of_date = intent.as_of_date and tiers.customer_key = intent.customer_key
    left join {{ ref('int_customers_peers') }} as peers
        on tiers.as_of_date = peers.as_of_date and tiers.customer_key = peers.customer_key
    left join {{ ref('int_peer_quantiles') }} as quantiles
        on tiers.as_of_date = quantiles.as_of_date

),

listed as (

    select
        signals.*,
        case when may_fall and has_lapsed then ', lifecycle' else '' end
        || case when may_fall and is_dissatisfied then ', dissatisfied' else '' end
        || case when may_fall and has_negative_feedback then ', negative_feedback' else '' end as risks,
        case when may_rise and has_higher_band then ', clv_band' else '' end
        || case when may_rise and is_growing then ', growth' else '' end
        || case when may_rise and has_intent then ', intent' else '' end
        || case when may_rise and has_high_peers then ', peers' else '' end as upsides

    from signals

)

select
    as_of_date,
    customer_key,
    case when risks <> '' then substring(risks, 3) end as at_risk_reason,
    case when upsides <> '' then substring(upsides, 3) end as upside_reason,
    case
        when risks <> '' and upsides <> '' then 'both'
        when risks <> '' then 'at_risk'
        when upsides <> '' then 'upside'
    end as attention_reason,
    peer_high_share,
    risks <> '' as at_risk_flag,
    upsides <> '' as upside_flag,
    risks <> '' or upsides <> '' as attention_flag

from listed
