-- One row per review date and customer with hourly readings in enough of the last twelve months: the base load and the mean of the hours.

with

uses as (

    select
        policy.as_of_date,
        policy.base_hour_share,
        hours.customer_key,
        hours.kwh,
        cast(sum(hours.hour_count) as bigint) as hour_count

    from {{ ref('int_energy_hours') }} as hours
    inner join {{ ref('int_energy_policy_in_force') }} as policy
        on
            hours.seen_from <= policy.as_of_date
            and (hours.seen_until is null or policy.as_of_date < hours.seen_until)
            and hours.month_number between policy.last_month_number - 11 and policy.last_month_number
    inner join {{ ref('int_energy_summed') }} as summed
        on
            policy.as_of_date = summed.as_of_date
            and hours.customer_key = summed.customer_key
            and summed.hourly_months >= policy.min_months

    group by policy.as_of_date, policy.base_hour_share, hours.customer_key, hours.kwh

),

counted as (

    select
        uses.*,
        cast(sum(hour_count) over (
            partition by as_of_date, customer_key order by kwh rows between unbounded preceding and current row
        ) as bigint) as hours_up_to,
        cast(sum(hour_count) over (partition by as_of_date, customer_key) as bigint) as hours_in_all

    from uses

)

select
    as_of_date,
    customer_key,
    min(case when hours_up_to >= base_hour_share * hours_in_all then kwh end) as base_kwh,
    max(hours_in_all) as hour_count,
    cast(sum(kwh * hour_count) as decimal(24, 3)) as hourly_kwh

from counted

group by as_of_date, customer_key
