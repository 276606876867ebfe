-- Periods of an account follow one another without a gap, from its first day on, and one of them is current.

with

periods as (

    select
        history.*,
        paths.first_day,
        lag(history.valid_until) over (partition by history.account_id order by history.valid_from) as ended_before,
        lag(history.valid_from) over (partition by history.account_id order by history.valid_from) as began_before,
        lead(history.valid_from) over (partition by history.account_id order by history.valid_from) as next_from

    from {{ ref('card_history') }} as history
    inner join {{ ref('int_customers_keyed') }} as keys
        on history.account_id = keys.customer_id
    left join {{ ref('int_card_paths') }} as paths
        on keys.customer_key = paths.path_key

)

select
    account_id,
    valid_from

from periods

where
    (began_before is null and coalesce(valid_from <> first_day, true))
    or (began_before is not null and coalesce(ended_before <> valid_from, true))
    or (next_from is null and valid_until is not null)
    or (next_from is not null and valid_until is null)
