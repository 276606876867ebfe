-- Periods of an account follow one another without a gap, from its first day on, and one of them is current.

with

periods as (

    select
        history.*,
        lag(valid_until) over (partition by account_id order by valid_from) as ended_before,
        lag(valid_from) over (partition by account_id order by valid_from) as began_before,
        lead(valid_from) over (partition by account_id order by valid_from) as next_from

    from {{ ref('card_history') }} as history

)

select
    account_id,
    valid_from

from periods

where
    (began_before is not null and coalesce(ended_before <> valid_from, true))
    or (next_from is null and valid_until is not null)
    or (next_from is not null and valid_until is null)
