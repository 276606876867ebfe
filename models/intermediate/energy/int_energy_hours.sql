-- One row per customer, calendar month, kWh of an hour and time it was known from and until: how many hours had this use.

select
    customer_key,
    month_number,
    kwh,
    count(*) as hour_count,
    seen_from,
    seen_until

from {{ ref('int_energy_readings_owned') }}

where granularity = 'hour' and kwh is not null

group by customer_key, month_number, kwh, seen_from, seen_until
