-- One row per review date and customer with readings in the last twelve months: sums over these months.

select
    as_of_date,
    customer_key,
    count(case when is_valid then 1 end) as valid_months,
    count(case when is_valid and kwh < vacant_kwh then 1 end) as vacant_months,
    cast(sum(case when is_valid then kwh end) as decimal(24, 3)) as kwh,
    cast(sum(case when is_valid then cast(kwh as decimal(38, 3)) * kwh end) as decimal(38, 6)) as kwh_squared,
    max(case when is_valid then kwh end) as greatest_kwh,
    min(case when is_valid then kwh end) as least_kwh,
    cast(sum(case when is_valid and kwh_year_before is not null then kwh end) as decimal(24, 3)) as compared_kwh,
    cast(sum(case when is_valid then kwh_year_before end) as decimal(24, 3)) as compared_kwh_before,
    {%- for season, (first, second) in {'summer': (7, 8), 'winter': (12, 1), 'mild': (4, 5)}.items() %}
    cast(sum(case when is_valid and calendar_month in ({{ first }}, {{ second }}) then kwh end) as decimal(24, 3)) as {{ season }}_kwh,
    count(case when is_valid and calendar_month in ({{ first }}, {{ second }}) then 1 end) as {{ season }}_months,
    {%- endfor %}
    {%- for column in ['peak_kwh', 'valley_kwh', 'parts_kwh', 'hourly_kwh', 'night_kwh', 'interval_kwh', 'weekend_kwh'] %}
    cast(sum({{ column }}) as decimal(24, 3)) as {{ column }},
    {%- endfor %}
    count(case when hour_count > 0 then 1 end) as hourly_months

from {{ ref('int_energy_months_reviewed') }}

group by as_of_date, customer_key
