-- One row per path and day with a rank to gain: the last of the sales that became known or were posted on it.

with

sales as (

    select source_system, txn_id, customer_key, event_at, event_date, known_on

    from {{ ref('int_transactions_valued') }}

    where fate = 'accepted' and txn_role = 'sale' and not is_hidden

),

days as (

    select source_system, txn_id, customer_key, event_at, event_date, known_on as caused_on from sales

    union

    select sales.source_system, sales.txn_id, sales.customer_key, sales.event_at, sales.event_date, posted.posted_on as caused_on

    from sales
    inner join {{ ref('int_points_sales_posted') }} as posted
        on sales.source_system = posted.source_system and sales.txn_id = posted.txn_id

),

ranked as (

    select
        ranks.path_key,
        ranks.candidate_date,
        days.source_system,
        days.txn_id,
        days.event_date,
        row_number() over (
            partition by ranks.path_key, ranks.candidate_date
            order by days.event_at desc, days.txn_id desc, days.source_system desc
        ) as sale_rank

    from {{ ref('int_card_ranks') }} as ranks
    inner join {{ ref('int_card_path_customers') }} as customers
        on ranks.path_key = customers.path_key and customers.counts_from <= ranks.candidate_date
    inner join days
        on customers.customer_key = days.customer_key and ranks.candidate_date = days.caused_on

    where ranks.is_current and ranks.entry_rank > 0

)

select
    path_key,
    candidate_date,
    source_system,
    txn_id,
    event_date

from ranked

where sale_rank = 1
