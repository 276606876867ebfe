-- One row per account and step of the ledger, with what was decided about redemptions: points gone so far, balance, and what expired on it.
-- Points are used in the order in which they came: what is gone is one number, which debits add to and expiry lifts to the end of its lots.

with

steps as (

    select
        steps.*,
        case
            when decided.event_status is null or decided.event_status = 'accepted' then steps.debit + steps.asked_points
            else 0
        end as spent_points

    from {{ ref('int_points_steps_summed') }} as steps
    left join {{ ref('int_points_events_decided') }} as decided
        on
            steps.source_table = 'points_events'
            and steps.source_system = decided.source_system
            and steps.source_id = decided.event_id

),

spent as (

    select
        steps.*,
        sum(spent_points) over (
            partition by account_key order by step_number rows between unbounded preceding and current row
        ) as total_spent

    from steps

),

consumed as (

    select
        spent.*,
        greatest(
            0,
            max(most_gone_to - total_spent) over (
                partition by account_key order by step_number rows between unbounded preceding and current row
            )
        ) as total_expired

    from spent

)

select
    account_key,
    step_number,
    entry_on,
    step_type,
    source_table,
    source_system,
    source_id,
    event_at,
    cast(lot_points as bigint) as lot_points,
    cast(spent_points as bigint) as spent_points,
    cast(
        total_expired - lag(total_expired, 1, 0) over (partition by account_key order by step_number) as bigint
    ) as expired_points,
    cast(total_spent + total_expired as bigint) as consumed_points,
    cast(issued_points - total_spent - total_expired as bigint) as balance

from consumed
