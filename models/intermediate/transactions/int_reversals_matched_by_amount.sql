-- One row per refund of a file without original_txn_id that found its sale: the latest sale of the same system, customer, line,
-- currency and amount that was not taken back yet. Sales are put on a stack in the order they became known, refunds take from its top.

with

transactions as (

    select * from {{ ref('int_transactions_valued') }}

    where fate = 'accepted' and txn_role in ('sale', 'reversal') and not is_hidden

),

piles as (

    select distinct source_system, customer_key, lob, currency, amount

    from transactions

    where txn_role = 'reversal' and not file_names_originals

),

moves as (

    select
        transactions.customer_key,
        transactions.lob,
        transactions.currency,
        transactions.amount,
        transactions._file,
        transactions._line,
        transactions.source_system,
        transactions.txn_id,
        case transactions.txn_role when 'sale' then 1 else -1 end as step,
        row_number() over (
            partition by
                transactions.source_system, transactions.customer_key, transactions.lob, transactions.currency, transactions.amount
            order by
                transactions.known_on, transactions.event_at, transactions.txn_role desc, transactions.txn_id
        ) as move_number

    from transactions
    inner join piles
        on
            transactions.source_system = piles.source_system
            and transactions.customer_key = piles.customer_key
            and transactions.lob = piles.lob
            and transactions.currency = piles.currency
            and transactions.amount = piles.amount

    where transactions.txn_role = 'sale' or not transactions.file_names_originals

),

sums as (

    select
        moves.*,
        sum(step) over (partition by source_system, customer_key, lob, currency, amount order by move_number) as running_sum

    from moves

),

lows as (

    select
        sums.*,
        least(
            0, min(running_sum) over (partition by source_system, customer_key, lob, currency, amount order by move_number)
        ) as lowest_sum,
        coalesce(
            least(
                0,
                min(running_sum) over (
                    partition by source_system, customer_key, lob, currency, amount
                    order by move_number rows between unbounded preceding and 1 preceding
                )
            ),
            0
        ) as lowest_sum_before

    from sums

),

levels as (

    select
        lows.*,
        running_sum - lowest_sum + case when step = -1 then 1 else 0 end as stack_level

    from lows

    -- A refund that reaches a new low found the stack empty.
    where running_sum >= lowest_sum_before

),

paired as (

    select
        levels.*,
        lag(txn_id) over (
            partition by source_system, customer_key, lob, currency, amount, stack_level order by move_number
        ) as sale_txn_id

    from levels

)

select
    _file,
    _line,
    sale_txn_id

from paired

where step = -1
