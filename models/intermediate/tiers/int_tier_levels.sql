-- One row per review and customer with a level at it: the level that is earned or kept (0 low, 1 medium, 2 high), and what keeps it.
-- Right from the second-last review that somebody looks at on; those before are there to be remembered.
{% set tiers = [('high', 2), ('medium', 1)] %}
{% set run = 'partition by customer_key, run_number order by review_order' %}
{% set run_before = run ~ ' rows between unbounded preceding and 1 preceding' %}

with

falls as (

    select
        reviews.*,
        {%- for tier, level in tiers %}
        is_below_{{ tier }} and coalesce(lag(is_below_{{ tier }}) over ({{ run }}), false) as is_{{ tier }}_fall
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_tier_reviews') }} as reviews

),

looked_back as (

    select
        falls.*,
        {%- for tier, level in tiers %}
        max(case when rule_level >= {{ level }} then month_number end) over ({{ run }} rows unbounded preceding) as {{ tier }}_earned_in,
        max(case when rule_level >= {{ level }} then review_order end) over ({{ run }} rows unbounded preceding) as {{ tier }}_earned_at,
        max(case when is_{{ tier }}_fall then review_order end) over ({{ run }} rows unbounded preceding) as {{ tier }}_fall_at,
        max(case when rule_level >= {{ level }} then held_by_rule_until end) over ({{ run_before }}) as {{ tier }}_by_rule_until,
        {%- endfor %}
        lag(review_order) over ({{ run }}) is null as is_first

    from falls

),

held as (

    select
        looked_back.*,
        {%- for tier, level in tiers %}
        rule_level < {{ level }}
        and coalesce({{ tier }}_earned_at >= coalesce({{ tier }}_fall_at, 0), false)
        and month_number - {{ tier }}_earned_in < margin_hold_months as is_{{ tier }}_by_margin,
        rule_level < {{ level }} and coalesce({{ tier }}_by_rule_until > month_number, false) as is_{{ tier }}_by_rule
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from looked_back

),

kept as (

    select
        held.*,
        case
            {%- for tier, level in tiers %}
            when rule_level >= {{ level }} or is_{{ tier }}_by_margin or is_{{ tier }}_by_rule then {{ level }}
            {%- endfor %}
            else 0
        end as kept_level

    from held

),

landed as (

    select
        kept.*,
        greatest(kept_level, coalesce(lag(kept_level) over ({{ run }}) - 1, 0)) as level

    from kept

)

select
    as_of_date,
    customer_key,
    level,
    is_first,
    case
        when level = rule_level then 'EARNED'
        {%- for tier, level in tiers %}
        when level = {{ level }} and is_{{ tier }}_by_rule then 'HELD_BY_RULE'
        when level = {{ level }} and is_{{ tier }}_by_margin and is_{{ tier }}_grandfathered then 'GRANDFATHERED'
        when level = {{ level }} and is_{{ tier }}_by_margin then 'HELD_BY_MARGIN'
        {%- endfor %}
        else 'SOFT_LANDING'
    end as kept_by

from landed
