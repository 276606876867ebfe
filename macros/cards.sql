{# The cards, the lowest first: their place is their rank. #}
{% macro card_tiers() -%}{{ return(['regular', 'silver', 'gold', 'platinum', 'diamond']) }}{%- endmacro %}

{# What rules of cards may ask for: columns of int_card_metrics. #}
{% macro card_metrics() -%}
    {{ return(['qualifying_points', 'net_spend', 'occasions', 'lobs', 'tenure_months', 'no_overdue', 'lifetime_points']) }}
{%- endmacro %}

{# The last day of the month of a date. #}
{% macro month_end(date) -%}
    {{ add_days(add_months("cast(date_trunc('month', " ~ date ~ ") as date)", 1), -1) }}
{%- endmacro %}

{# Until when a card gained or renewed on a day is valid: the end of the month reached. #}
{% macro card_valid_to(date, valid_months) -%}{{ month_end(add_months(date, valid_months)) }}{%- endmacro %}

{# Rows of states after something that may have happened (`event`, a condition): each column of `sets` gets its new value, the reason of
   the day is that of the last change of rank, else of the last change. #}
{% macro card_stage(rows, event, reason, sets, alias) -%}
    {%- set moves = sets.get('card_rank', 'card_rank') ~ ' <> card_rank' -%}
    select
        path_key,
        step_number,
        {%- for column in card_step_columns() %}
        {{ column }},
        {%- endfor %}
        {%- for column in card_state_columns() %}
        {%- if column in sets %}
        case when is_event then {{ sets[column] }} else {{ column }} end as {{ column }},
        {%- else %}
        {{ column }},
        {%- endif %}
        {%- endfor %}
        case when is_event and ({{ moves }} or not has_moved) then {{ reason }} else day_reason end as day_reason,
        case when is_event then has_moved or {{ moves }} else has_moved end as has_moved
    from (select {{ alias }}.*, coalesce({{ event }}, false) as is_event from ({{ rows }}) as {{ alias }}) as {{ alias }}_judged
{%- endmacro %}

{# What a step brings (int_card_steps, and the card that is merged into it). #}
{% macro card_step_columns() -%}
    {{ return([
        'candidate_date', 'is_last_of_day', 'entry_rank', 'met_keep_rank', 'cause_reason', 'cause_step', 'is_cause_refunded',
        'earlier_keep_rank', 'ruled_from', 'valid_months', 'grace_days', 'downgrade_mode', 'allow_multi_level_up',
        'floor_from_rank', 'floor_years', 'floor_to_rank', 'merged_rank', 'merged_valid_to', 'merged_grace_until', 'merged_floor_count',
        'merged_floor_rank', 'merged_ruled_from'
    ]) }}
{%- endmacro %}

{# What is remembered from step to step. `held_cause` is the step of the upgrade whose sale holds the rank. #}
{% macro card_state_columns() -%}
    {{ return([
        'card_rank', 'valid_to', 'grace_until', 'held_cause', 'rank_before', 'valid_to_before', 'upgraded_at', 'held_ruled_from',
        'floor_count', 'floor_rank'
    ]) }}
{%- endmacro %}

{# The state machine of cards (docs/cards.md, section 2): one row per path and step, number 0 before the first one. `steps`, `refunds` (of
   sales that caused an upgrade) and `keeps` (ranks kept by earlier rules) are CTEs. #}
{% macro card_states(steps, refunds, keeps) -%}
    select
        path_key,
        0 as step_number,
        min(candidate_date) as candidate_date,
        0 as card_rank,
        cast(null as date) as valid_to,
        cast(null as date) as grace_until,
        cast(null as integer) as held_cause,
        0 as rank_before,
        cast(null as date) as valid_to_before,
        cast(null as integer) as upgraded_at,
        cast(null as date) as held_ruled_from,
        0 as floor_count,
        0 as floor_rank,
        cast('INITIAL' as {{ type_text() }}) as day_reason,
        false as has_moved,
        false as was_last_of_day

    from {{ steps }}

    where step_number = 1

    group by path_key

    union all

    {% set keep = 'greatest(met_keep_rank, earlier_keep_rank, floor_rank)' %}
    {% set renews = {
        'valid_to': card_valid_to('valid_to', 'valid_months'),
        'grace_until': 'cast(null as date)',
        'held_cause': 'cast(null as integer)',
        'held_ruled_from': 'ruled_from',
        'floor_count': 'floor_count + case when card_rank >= floor_from_rank then 1 else 0 end',
        'floor_rank': 'case when card_rank >= floor_from_rank and floor_count + 1 >= floor_years then greatest(floor_rank, floor_to_rank) else floor_rank end'
    } %}
    {% set reversed_to = 'least(card_rank, greatest(rank_before, entry_rank, floor_rank))' %}
    {% set risen_to = 'case when allow_multi_level_up then entry_rank else card_rank + 1 end' %}
    {% set fallen_to %}
        least(card_rank, greatest(
            floor_rank,
            case downgrade_mode when 'to_base' then 0 when 'to_earned' then entry_rank else greatest(entry_rank, card_rank - 1) end
        ))
    {%- endset %}
    {% set met %}
        select
            steps.*,
            refunds.cause_step is not null as is_cause_refunded,
            coalesce(keeps.keep_rank, 0) as earlier_keep_rank,
            {%- for column in card_state_columns() %}
            states.{{ column }},
            {%- endfor %}
            case when states.was_last_of_day then cast(null as {{ type_text() }}) else states.day_reason end as day_reason,
            case when states.was_last_of_day then false else states.has_moved end as has_moved
        from states
        inner join {{ steps }} as steps
            on states.path_key = steps.path_key and states.step_number + 1 = steps.step_number
        left join {{ refunds }} as refunds
            on steps.path_key = refunds.path_key and steps.step_number = refunds.step_number and states.held_cause = refunds.cause_step
        left join {{ keeps }} as keeps
            on
                steps.path_key = keeps.path_key
                and steps.candidate_date = keeps.candidate_date
                and states.held_ruled_from = keeps.ruled_from
    {%- endset %}
    {% set reversed = card_stage(
        met,
        "is_cause_refunded and card_rank > 0 and candidate_date <= valid_to and entry_rank < card_rank and " ~ reversed_to ~ " < card_rank",
        "'REFUND_REVERSAL'",
        {
            'card_rank': reversed_to,
            'valid_to': 'case when ' ~ reversed_to ~ ' = 0 then cast(null as date) when valid_to_before >= candidate_date then valid_to_before else '
            ~ card_valid_to('candidate_date', 'valid_months') ~ ' end',
            'grace_until': 'cast(null as date)',
            'held_cause': 'cast(null as integer)',
            'held_ruled_from': 'ruled_from',
        },
        'met'
    ) %}
    {% set merged = card_stage(
        reversed,
        "merged_rank > card_rank or (merged_rank = card_rank and card_rank > 0 and merged_valid_to > valid_to)",
        "'MERGE_RESOLUTION'",
        {
            'card_rank': 'merged_rank',
            'valid_to': 'merged_valid_to',
            'grace_until': 'merged_grace_until',
            'held_cause': 'case when merged_rank = card_rank then held_cause end',
            'held_ruled_from': 'merged_ruled_from',
            'floor_count': 'greatest(floor_count, merged_floor_count)',
            'floor_rank': 'greatest(floor_rank, merged_floor_rank)',
        },
        'reversed'
    ) %}
    {% set upgraded = card_stage(
        merged,
        "is_last_of_day and entry_rank > card_rank",
        "cause_reason",
        {
            'card_rank': risen_to,
            'valid_to': card_valid_to('candidate_date', 'valid_months'),
            'grace_until': 'cast(null as date)',
            'held_cause': 'cause_step',
            'upgraded_at': 'step_number',
            'rank_before': 'card_rank',
            'valid_to_before': 'valid_to',
            'held_ruled_from': 'ruled_from',
        },
        'merged'
    ) %}
    {% set renewed = card_stage(
        upgraded,
        "is_last_of_day and candidate_date = valid_to and grace_until is null and " ~ keep ~ " >= card_rank",
        "case when greatest(met_keep_rank, floor_rank) >= card_rank then 'REQUALIFIED' else 'GRANDFATHERED' end",
        renews,
        'upgraded'
    ) %}
    {% set in_grace = card_stage(
        renewed,
        "is_last_of_day and candidate_date = valid_to and grace_until is null and " ~ keep ~ " < card_rank and grace_days > 0",
        "'GRACE'",
        {'grace_until': add_days('valid_to', 'grace_days')},
        'renewed'
    ) %}
    {% set restored = card_stage(
        in_grace,
        "is_last_of_day and grace_until is not null and " ~ keep ~ " >= card_rank",
        "'REQUALIFIED_IN_GRACE'",
        renews,
        'in_grace'
    ) %}
    {% set downgraded = card_stage(
        restored,
        "is_last_of_day and (candidate_date >= grace_until or (candidate_date = valid_to and grace_until is null and " ~ keep ~ " < card_rank))",
        "'DOWNGRADE'",
        {
            'card_rank': fallen_to,
            'valid_to': 'case when ' ~ fallen_to ~ ' > 0 then ' ~ card_valid_to('candidate_date', 'valid_months') ~ ' end',
            'grace_until': 'cast(null as date)',
            'held_cause': 'cast(null as integer)',
            'held_ruled_from': 'ruled_from',
            'floor_count': '0',
        },
        'restored'
    ) %}
    select
        path_key,
        step_number,
        candidate_date,
        card_rank,
        valid_to,
        grace_until,
        held_cause,
        rank_before,
        valid_to_before,
        upgraded_at,
        held_ruled_from,
        case when card_rank < floor_from_rank then 0 else floor_count end as floor_count,
        floor_rank,
        case when step_number = 1 then coalesce(day_reason, 'INITIAL') else day_reason end as day_reason,
        has_moved,
        is_last_of_day as was_last_of_day

    from ({{ downgraded }}) as downgraded
{%- endmacro %}
