-- One row per customer type: the figures of the policy of the as-of date, as they are said. The first type stands for what goes by none.

select
    thresholds.as_of_date,
    thresholds.customer_type,
    {{ points_as_text('thresholds.high_score') }} as high_from,
    {{ points_as_text('thresholds.medium_score') }} as medium_from,
    {{ points_as_text('thresholds.high_keep') }} as high_keep,
    {{ points_as_text('thresholds.medium_keep') }} as medium_keep,
    {{ points_as_text('thresholds.engagement_score') }} as engagement_from,
    {{ amount_as_text('thresholds.days_since_interaction') }} as days_from,
    {{ amount_as_text('thresholds.property_net_60m') }} as property_from,
    {{ amount_as_text('thresholds.firm_units_60m') }} as units_from,
    {{ amount_as_text('thresholds.spend_12m_outside_property') }} as spend_from,
    {{ amount_as_text('thresholds.energy_kwh_12m') }} as energy_from,
    {{ amount_as_text('tiers.margin_hold_months') }} as margin_months,
    {{ amount_as_text('tiers.grandfather_months') }} as grandfather_months,
    {{ amount_as_text('tiers.energy_rise_months') }} as rise_months,
    {{ points_as_text('tiers.energy_rise_ratio') }} as rise_ratio,
    {{ amount_as_text('tiers.energy_rise_min_kwh') }} as rise_kwh,
    {{ amount_as_text('tiers.multi_property_units') }} as multi_units,
    {{ amount_as_text('tiers.multi_property_months') }} as multi_months,
    {{ amount_as_text('calendar.months_between_reviews') }} as review_months,
    {{ amount_as_text('attention.min_peers') }} as min_peers,
    {{ amount_as_text('100 * attention.peer_quantile') }} as peer_quantile,
    '{{ checked_var("reporting_currency", "^[A-Z]{3}$") }}' as currency,
    row_number() over (order by thresholds.customer_type) as type_number

from {{ ref('int_tier_thresholds_in_force') }} as thresholds
inner join {{ ref('int_review_dates') }} as review_dates
    on thresholds.as_of_date = review_dates.as_of_date and review_dates.is_current
inner join {{ ref('int_tier_policy_in_force') }} as tiers
    on thresholds.as_of_date = tiers.as_of_date
inner join {{ ref('policy_review_calendar') }} as calendar
    on {{ in_force('calendar', 'thresholds.as_of_date') }}
inner join {{ ref('policy_attention') }} as attention
    on {{ in_force('attention', 'thresholds.as_of_date') }}
