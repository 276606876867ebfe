-- One row per version of the rules of cards (`ruled_from`) and condition: how many conditions its route has.

with

versions as (

    {{ policy_change_days(['policy_card_rules']) }}

)

select
    versions.change_day as ruled_from,
    rules.card_tier,
    rules.purpose,
    rules.route_id,
    rules.metric,
    rules.threshold,
    count(*) over (partition by versions.change_day, rules.card_tier, rules.purpose, rules.route_id) as condition_count

from versions
inner join {{ ref('policy_card_rules') }} as rules
    on {{ in_force('rules', 'versions.change_day') }}
