-- One row per graded date and customer type: the thresholds of the tier rules in force, side by side, and what keeps a score tier.
{% set measures = [
    ('HR_ENERGY', 'energy_kwh_12m'), ('HR_PROPERTY', 'property_net_60m'), ('HR_PROPERTY', 'firm_units_60m'),
    ('HR_SPEND', 'spend_12m_outside_property'), ('MR_ENGAGED', 'engagement_score'), ('MR_ENGAGED', 'days_since_interaction')
] %}

with

thresholds as (

    select
        dates.as_of_date,
        policy.customer_type,
        {%- for rule_path, measure in measures %}
        max(
            case when policy.rule_path = '{{ rule_path }}' and policy.measure = '{{ measure }}' then policy.threshold end
        ) as {{ measure }},
        {%- endfor %}
        {%- for rule_path, tier in [('SC_HIGH', 'high'), ('SC_MED', 'medium')] %}
        max(case when policy.rule_path = '{{ rule_path }}' then policy.threshold end) as {{ tier }}_score,
        max(case when policy.rule_path = '{{ rule_path }}' then coalesce(policy.maintain, policy.threshold) end) as {{ tier }}_maintain
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_review_dates') }} as dates
    inner join {{ ref('policy_tier_thresholds') }} as policy
        on {{ in_force('policy', 'dates.as_of_date') }}

    group by dates.as_of_date, policy.customer_type

)

select
    thresholds.*,
    keep_scores.high_keep,
    keep_scores.medium_keep

from thresholds
left join {{ ref('int_tier_keep_scores') }} as keep_scores
    on thresholds.as_of_date = keep_scores.as_of_date and thresholds.customer_type = keep_scores.customer_type
