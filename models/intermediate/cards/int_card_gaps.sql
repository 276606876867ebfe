-- One row per account and purpose (entry to the next card, maintain of its own) with a rule: what the nearest route still misses.

with

asked as (

    select account_key, as_of_date, 'entry' as purpose, shown_rank + 1 as asked_rank from {{ ref('int_cards_current') }}

    union all

    select account_key, as_of_date, 'maintain' as purpose, computed_rank as asked_rank from {{ ref('int_cards_current') }}

    where computed_rank > 0

),

valued as (

    select
        asked.account_key,
        asked.purpose,
        rules.route_id,
        rules.metric,
        rules.threshold,
        cast(
            case rules.metric
                {%- for metric in card_metrics() %}
                when '{{ metric }}' then metrics.{{ metric }}
                {%- endfor %}
            end as decimal(18, 4)
        ) as metric_value

    from asked
    inner join {{ ref('policy_card_tiers') }} as tiers
        on asked.asked_rank = tiers.card_rank and {{ in_force('tiers', 'asked.as_of_date') }}
    inner join {{ ref('policy_card_rules') }} as rules
        on tiers.card_tier = rules.card_tier and asked.purpose = rules.purpose and {{ in_force('rules', 'asked.as_of_date') }}
    inner join {{ ref('int_card_metrics') }} as metrics
        on asked.account_key = metrics.path_key and asked.as_of_date = metrics.candidate_date

),

conditions as (

    select
        valued.*,
        cast(greatest(0, threshold - metric_value) as decimal(18, 4)) as gap

    from valued

),

routes as (

    select
        account_key,
        purpose,
        route_id,
        max(case when metric = 'qualifying_points' then gap end) as gap_points,
        max(case when metric = 'net_spend' then gap end) as gap_spend,
        max(case when metric = 'no_overdue' and gap > 0 then 1 else 0 end) = 1 as is_blocked_by_overdue,
        -- A bill is paid or not: no share of a route.
        max(
            case when threshold = 0 or metric = 'no_overdue' then 0 else {{ ratio('gap', 'threshold', 8, decimals=4) }} end
        ) as missing_share,
        min(
            case when threshold = 0 or metric = 'no_overdue' then 1 else {{ ratio('threshold - gap', 'threshold', 4, decimals=4) }} end
        ) as progress

    from conditions

    group by account_key, purpose, route_id

),

ranked as (

    select
        routes.*,
        row_number() over (partition by account_key, purpose order by missing_share, route_id) as nearness

    from routes

)

select
    account_key,
    purpose,
    cast(ceil(gap_points) as bigint) as gap_points,
    gap_spend,
    is_blocked_by_overdue,
    cast(progress as decimal(9, 4)) as progress

from ranked

where nearness = 1
