-- One row per account and step: points issued so far, fixed debits so far, up to where lots have expired, and the balance if every
-- redemption were accepted.

with

summed as (

    select
        steps.*,
        cast(
            sum(lot_points) over (
                partition by account_key order by step_number rows between unbounded preceding and current row
            ) as bigint
        ) as issued_points,
        cast(
            sum(debit) over (
                partition by account_key order by step_number rows between unbounded preceding and current row
            ) as bigint
        ) as debits,
        cast(
            sum(debit + asked_points) over (
                partition by account_key order by step_number rows between unbounded preceding and current row
            ) as bigint
        ) as all_debits

    from {{ ref('int_points_steps') }} as steps

),

expired as (

    select
        summed.*,
        case when step_type = 'forfeit' then issued_points else expired_to end as gone_to,
        -- What expired never comes back; what was forfeited was spent.
        greatest(
            0,
            max(expired_to) over (
                partition by account_key order by step_number rows between unbounded preceding and current row
            ),
            case when step_type = 'forfeit' then issued_points else 0 end
        ) as most_gone_to

    from summed

)

select
    expired.*,
    issued_points - all_debits - greatest(
        0,
        max(most_gone_to - all_debits) over (
            partition by account_key order by step_number rows between unbounded preceding and current row
        )
    ) as balance_if_all_accepted

from expired
