-- One row per path and stretch of days with one card: the computed one, the one shown, and what happened on the first day.

with

days as (

    select path_key, valid_from as day from {{ ref('int_card_spans') }}

    union

    select path_key, as_of_date as day from {{ ref('int_card_overrides_judged') }}

    where is_step

),

states as (

    select
        days.path_key,
        days.day,
        {%- for column in ['card_rank', 'floor_rank', 'day_reason', 'cause_txn_id', 'has_moved', 'in_grace', 'valid_to', 'grace_until'] %}
        spans.{{ column }},
        {%- endfor %}
        days.day = spans.valid_from as is_computed,
        applied.override_id,
        applied.source_system || ':' || applied.override_id as override_key,
        applied.kind,
        applied.override_rank,
        lag(applied.source_system || ':' || applied.override_id) over (partition by days.path_key order by days.day) as override_key_before

    from days
    inner join {{ ref('int_card_spans') }} as spans
        on
            days.path_key = spans.path_key
            and spans.valid_from <= days.day
            and (spans.valid_until is null or days.day < spans.valid_until)
    left join {{ ref('int_card_overrides_judged') }} as applied
        on days.path_key = applied.path_key and days.day = applied.as_of_date and applied.status = 'applied'

),

changes as (

    select
        states.*,
        {{ overridden_rank('card_rank', 'kind', 'override_rank') }} as shown_rank,
        coalesce(override_key, '') <> coalesce(override_key_before, '') as is_overridden

    from states

)

select
    path_key,
    card_rank as computed_rank,
    shown_rank,
    floor_rank,
    case
        when is_overridden and (not is_computed or not has_moved)
            then case when override_id is null then 'OVERRIDE_END' else 'OVERRIDE_BEGIN' end
        else day_reason
    end as reason,
    cause_txn_id,
    override_id,
    in_grace,
    valid_to,
    grace_until,
    day as valid_from,
    lead(day) over (partition by path_key order by day) as valid_until

from changes

where is_computed or is_overridden
