-- One row per customer and stretch of days with one card: by how much it multiplies points of sales on the days after valid_from until
-- valid_until, both of them the card at the end of the day before. No row: as without a card.

with

customers as (

    select
        customers.path_key,
        customers.customer_key,
        customers.counts_from,
        case when paths.path_key <> paths.account_key then paths.last_day end as counts_until

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_card_paths') }} as paths
        on customers.path_key = paths.path_key

),

stretches as (

    select
        customers.customer_key,
        tiers.points_multiplier,
        greatest(periods.valid_from, customers.counts_from, {{ add_days('tiers.effective_from', -1) }}) as valid_from,
        -- An end that is null is not asked: it leaves the others.
        nullif(
            least(
                coalesce(periods.valid_until, date '9999-12-31'),
                coalesce(customers.counts_until, date '9999-12-31'),
                coalesce({{ add_days('tiers.effective_to', -1) }}, date '9999-12-31')
            ),
            date '9999-12-31'
        ) as valid_until

    from {{ ref('int_card_periods_shown') }} as periods
    inner join customers
        on periods.path_key = customers.path_key
    inner join {{ ref('policy_card_tiers') }} as tiers
        on periods.shown_rank = tiers.card_rank and {{ of_scenario('tiers') }}

)

select
    customer_key,
    points_multiplier,
    valid_from,
    valid_until

from stretches

where valid_until is null or valid_from < valid_until
