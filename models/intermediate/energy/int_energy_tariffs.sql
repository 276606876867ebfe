-- One row per review date and customer with readings known by then: the tariff of the latest one, and its price.

with

latest as (

    select
        customer_key,
        seen_from,
        seen_until,
        max(period_start) as period_start

    from {{ ref('int_energy_readings_owned') }}

    group by customer_key, seen_from, seen_until

),

readings as (

    select
        review_dates.as_of_date,
        owned.customer_key,
        owned.tariff_code,
        row_number() over (
            partition by review_dates.as_of_date, owned.customer_key order by owned.period_start desc, owned.meter_id
        ) as reading_rank

    from latest
    inner join {{ ref('int_energy_readings_owned') }} as owned
        on
            latest.customer_key = owned.customer_key
            and latest.seen_from = owned.seen_from
            and coalesce(latest.seen_until, date '9999-12-31') = coalesce(owned.seen_until, date '9999-12-31')
            and latest.period_start = owned.period_start
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            owned.seen_from <= review_dates.as_of_date
            and (owned.seen_until is null or review_dates.as_of_date < owned.seen_until)

)

select
    readings.as_of_date,
    readings.customer_key,
    coalesce(tariffs.tariff_code, defaults.tariff_code) as tariff_code,
    coalesce(tariffs.price_per_kwh, defaults.price_per_kwh) as price_per_kwh

from readings
left join {{ ref('policy_energy_tariffs') }} as tariffs
    on readings.tariff_code = tariffs.tariff_code and {{ in_force('tariffs', 'readings.as_of_date') }}
left join {{ ref('policy_energy_tariffs') }} as defaults
    on defaults.tariff_code = 'DEFAULT' and {{ in_force('defaults', 'readings.as_of_date') }}

where readings.reading_rank = 1
