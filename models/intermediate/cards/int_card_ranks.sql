-- One row per path, day looked at and version of the rules: the highest cards whose entry is met, and that are kept. The version in force
-- on the day (`is_current`), and the earlier ones where a card may be kept by them.

with

met as (

    select
        metrics.path_key,
        metrics.candidate_date,
        routes.ruled_from,
        routes.ruled_until is null or metrics.candidate_date < routes.ruled_until as is_current,
        routes.purpose,
        routes.card_tier

    from {{ ref('int_card_metrics') }} as metrics
    inner join {{ ref('int_card_routes') }} as routes
        on
            routes.ruled_from <= metrics.candidate_date
            {%- for metric in card_metrics() %}
            and (routes.least_{{ metric }} is null or metrics.{{ metric }} >= routes.least_{{ metric }})
            {%- endfor %}

)

select
    met.path_key,
    met.candidate_date,
    met.ruled_from,
    met.is_current,
    max(case when met.purpose = 'entry' then tiers.card_rank else 0 end) as entry_rank,
    max(case when met.purpose = 'maintain' then tiers.card_rank else 0 end) as keep_rank

from met
inner join {{ ref('policy_card_program') }} as program
    on {{ in_force('program', 'met.candidate_date') }}
inner join {{ ref('policy_card_tiers') }} as tiers
    on met.card_tier = tiers.card_tier and {{ in_force('tiers', 'met.candidate_date') }}

where met.is_current or (program.grandfathered and met.purpose = 'maintain')

group by met.path_key, met.candidate_date, met.ruled_from, met.is_current
