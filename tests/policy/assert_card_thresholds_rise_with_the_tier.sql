-- On every day on which the rules of cards change, the least amount that a card asks for is not below that of any lower card.
{% set amounts = ['qualifying_points', 'net_spend', 'lifetime_points'] %}

with

change_days as (

    {{ policy_change_days(['policy_card_rules']) }}

),

wanted as (

    {%- for card_tier in card_tiers() %}
    select '{{ card_tier }}' as card_tier, {{ loop.index0 }} as card_rank
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

least_amounts as (

    select
        change_days.change_day,
        policy.purpose,
        policy.metric,
        policy.card_tier,
        wanted.card_rank,
        min(policy.threshold) as threshold

    from change_days
    inner join {{ ref('policy_card_rules') }} as policy
        on {{ in_force('policy', 'change_days.change_day') }}
    inner join wanted
        on policy.card_tier = wanted.card_tier

    where policy.metric in ('{{ amounts | join("', '") }}')

    group by change_days.change_day, policy.purpose, policy.metric, policy.card_tier, wanted.card_rank

)

select
    'policy_card_rules.csv: on ' || {{ shown('higher.change_day') }} || ' the least ' || higher.metric || ' for ' || higher.card_tier
    || ' (' || higher.purpose || '), ' || {{ shown('higher.threshold') }} || ', is below that for ' || lower.card_tier || ', '
    || {{ shown('lower.threshold') }} || '; put the thresholds in order.' as problem

from least_amounts as higher
inner join least_amounts as lower
    on
        higher.change_day = lower.change_day
        and higher.purpose = lower.purpose
        and higher.metric = lower.metric
        and higher.card_rank > lower.card_rank

where higher.threshold < lower.threshold
