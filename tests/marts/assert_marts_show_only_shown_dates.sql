-- Reviews that are graded only because later tiers rest on them appear in no mart.
{% set marts = [
    'customer_rfm_history', 'customer_rfm_lines_history', 'customer_clv_history', 'customer_tier_history', 'customer_satisfaction_history',
    'customer_feedback_history', 'customer_lifecycle_history', 'customer_loyalty_history', 'customer_engagement_history',
    'customer_intent_history', 'customer_preferences_history', 'customer_usage_history', 'customer_energy_history',
    'customer_expert_scores_history', 'satisfaction_segments', 'loyalty_cohorts', 'clv_backtest', 'clv_backtest_deciles',
    'clv_calibrations', 'clv_gate', 'clv_parameters'
] %}
{%- for mart in marts %}

select distinct
    '{{ mart }}' as mart,
    shown.as_of_date

from {{ ref(mart) }} as shown
left join {{ ref('review_dates') }} as review_dates
    on shown.as_of_date = review_dates.as_of_date

where review_dates.as_of_date is null
{% if not loop.last %}
union all
{% endif %}
{%- endfor %}
