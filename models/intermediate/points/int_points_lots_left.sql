-- One row per lot that is available at the as-of date: what is left of it.

with

last_steps as (

    select
        account_key,
        consumed_points,
        row_number() over (partition by account_key order by step_number desc) as step_rank

    from {{ ref('int_points_steps_balanced') }}

)

select
    lots.account_key,
    lots.lot_number,
    lots.customer_key,
    lots.source_table,
    lots.source_system,
    lots.source_id,
    lots.lot_type,
    lots.available_on,
    lots.expires_on,
    lots.points,
    cast(greatest(0, least(lots.points, lots.issued_points - last_steps.consumed_points)) as bigint) as remaining_points

from {{ ref('int_points_lots') }} as lots
inner join last_steps
    on lots.account_key = last_steps.account_key and last_steps.step_rank = 1
cross join {{ ref('int_as_of_date') }} as clock

where lots.available_on <= clock.as_of_date
