-- One row per path, day looked at and version of the rules: the highest cards whose entry is met, and that are kept. The version in force
-- on the day (`is_current`), and the earlier ones where a card may be kept by them.

with

versions as (

    {{ policy_change_days(['policy_card_rules']) }}

),

asked as (

    select
        metrics.*,
        versions.change_day as ruled_from,
        max(versions.change_day) over (partition by metrics.path_key, metrics.candidate_date) = versions.change_day as is_current

    from {{ ref('int_card_metrics') }} as metrics
    inner join versions
        on versions.change_day <= metrics.candidate_date

),

routes as (

    select
        asked.path_key,
        asked.candidate_date,
        asked.ruled_from,
        asked.is_current,
        rules.purpose,
        rules.card_tier,
        rules.route_id,
        rules.condition_count

    from asked
    inner join {{ ref('policy_card_program') }} as program
        on {{ in_force('program', 'asked.candidate_date') }} and (asked.is_current or program.grandfathered)
    inner join {{ ref('int_card_conditions') }} as rules
        on
            asked.ruled_from = rules.ruled_from
            and (asked.is_current or rules.purpose = 'maintain')
            and case rules.metric
                {%- for metric in card_metrics() %}
                when '{{ metric }}' then asked.{{ metric }}
                {%- endfor %}
            end >= rules.threshold

    group by
        asked.path_key,
        asked.candidate_date,
        asked.ruled_from,
        asked.is_current,
        rules.purpose,
        rules.card_tier,
        rules.route_id,
        rules.condition_count

    having count(*) = rules.condition_count

)

select
    routes.path_key,
    routes.candidate_date,
    routes.ruled_from,
    routes.is_current,
    max(case when routes.purpose = 'entry' then tiers.card_rank else 0 end) as entry_rank,
    max(case when routes.purpose = 'maintain' then tiers.card_rank else 0 end) as keep_rank

from routes
inner join {{ ref('policy_card_tiers') }} as tiers
    on routes.card_tier = tiers.card_tier and {{ in_force('tiers', 'routes.candidate_date') }}

group by routes.path_key, routes.candidate_date, routes.ruled_from, routes.is_current
