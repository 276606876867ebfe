-- One row per review and customer with a level at it: that of the rule, whether the score keeps more than that, and the run it is in.
-- A run is a row of reviews without a gap: a review at which the customer has no level, or is not known, ends it.

with

reviews as (

    select
        as_of_date,
        {{ month_number('as_of_date') }} as month_number,
        row_number() over (order by as_of_date) as review_order

    from {{ ref('int_review_dates') }}

    where is_review

)

select
    reviews.as_of_date,
    matched.customer_key,
    reviews.review_order,
    reviews.review_order - row_number() over (partition by matched.customer_key order by reviews.as_of_date) as run_number,
    reviews.month_number,
    matched.rule_level,
    reviews.month_number + rules.hold_months as held_by_rule_until,
    {%- for tier, level in [('high', 2), ('medium', 1)] %}
    matched.rule_level < {{ level }} and not coalesce(matched.composite_score >= thresholds.{{ tier }}_keep, false) as is_below_{{ tier }},
    coalesce(
        matched.composite_score >= thresholds.{{ tier }}_keep and matched.composite_score < thresholds.{{ tier }}_maintain, false
    ) as is_{{ tier }}_grandfathered,
    {%- endfor %}
    policy.margin_hold_months

from reviews
inner join {{ ref('int_tier_rules_matched') }} as matched
    on reviews.as_of_date = matched.as_of_date and matched.rule_level is not null
inner join {{ ref('int_tier_rules_in_force') }} as rules
    on matched.as_of_date = rules.as_of_date and matched.rule_path = rules.rule_path
inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
    on matched.as_of_date = thresholds.as_of_date and matched.customer_type = thresholds.customer_type
inner join {{ ref('int_tier_policy_in_force') }} as policy
    on reviews.as_of_date = policy.as_of_date
