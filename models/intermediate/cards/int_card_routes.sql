-- One row per version of the rules of cards (in force from ruled_from until before ruled_until) and route: what it asks of each metric.
-- Null where it asks nothing.

with

change_days as (

    {{ policy_change_days(['policy_card_rules']) }}

),

versions as (

    select
        change_day as ruled_from,
        lead(change_day) over (order by change_day) as ruled_until

    from change_days

)

select
    versions.ruled_from,
    versions.ruled_until,
    {%- for metric in card_metrics() %}
    max(case when rules.metric = '{{ metric }}' then rules.threshold end) as least_{{ metric }},
    {%- endfor %}
    rules.card_tier,
    rules.purpose,
    rules.route_id

from versions
inner join {{ ref('policy_card_rules') }} as rules
    on {{ in_force('rules', 'versions.ruled_from') }}

group by versions.ruled_from, versions.ruled_until, rules.card_tier, rules.purpose, rules.route_id
