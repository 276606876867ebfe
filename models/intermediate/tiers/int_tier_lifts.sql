-- One row per graded date and customer whom something lifts by one step since the review before: what it is, energy first.

with

units as (

    select
        units.as_of_date,
        units.customer_key

    from {{ ref('int_property_units') }} as units
    inner join {{ ref('int_tier_policy_in_force') }} as policy
        on units.as_of_date = policy.as_of_date

    where units.is_firm and units.occasion_date > {{ add_months('units.as_of_date', '-policy.multi_property_months') }}

    group by units.as_of_date, units.customer_key, policy.multi_property_units

    having count(*) >= policy.multi_property_units

),

lifts as (

    select as_of_date, customer_key, 1 as lift_order from {{ ref('int_tier_energy_rises') }}

    union all

    select as_of_date, customer_key, 2 as lift_order from units

)

select
    as_of_date,
    customer_key,
    case min(lift_order) when 1 then 'INTERIM_ENERGY_RISE' else 'INTERIM_MULTI_PROPERTY' end as lifted_by

from lifts

group by as_of_date, customer_key
