-- One row per review date and customer of energy: use of the last twelve months, and the ratios that its pattern is read from.
{% set kwh_variance = 'cast(valid_months * kwh_squared - cast(kwh as decimal(38, 3)) * kwh as ' ~ type_double() ~ ')' %}

with

measured as (

    select
        customers.*,
        policy.min_months,
        coalesce(summed.valid_months, 0) as valid_months,
        coalesce(summed.vacant_months, 0) as vacant_months,
        {%- for column in [
            'kwh', 'kwh_squared', 'greatest_kwh', 'least_kwh', 'compared_kwh', 'compared_kwh_before', 'summer_kwh', 'summer_months',
            'winter_kwh', 'winter_months', 'mild_kwh', 'mild_months', 'peak_kwh', 'valley_kwh', 'parts_kwh', 'hourly_kwh', 'night_kwh',
            'interval_kwh', 'weekend_kwh'
        ] %}
        summed.{{ column }},
        {%- endfor %}
        baseloads.base_kwh,
        baseloads.hour_count,
        baseloads.hourly_kwh as base_hourly_kwh,
        slopes.cooling_slope,
        slopes.heating_slope

    from {{ ref('int_energy_customers') }} as customers
    inner join {{ ref('int_energy_policy_in_force') }} as policy
        on customers.as_of_date = policy.as_of_date
    left join {{ ref('int_energy_summed') }} as summed
        on customers.as_of_date = summed.as_of_date and customers.customer_key = summed.customer_key
    left join {{ ref('int_energy_baseloads') }} as baseloads
        on customers.as_of_date = baseloads.as_of_date and customers.customer_key = baseloads.customer_key
    left join {{ ref('int_energy_slopes') }} as slopes
        on customers.as_of_date = slopes.as_of_date and customers.customer_key = slopes.customer_key

)

select
    as_of_date,
    customer_key,
    customer_id,
    customer_type,
    city,
    property_type,
    area_band,
    tariff_code,
    case when not has_readings then 'no_readings' when valid_months < min_months then 'too_few_months' else 'measured' end
        as energy_status,
    valid_months,
    vacant_months,
    area_m2,
    price_per_kwh,
    cast(kwh as decimal(18, 3)) as kwh_12m,
    {{ ratio('kwh * 12', 'valid_months', 2, decimals=3) }} as annual_kwh,
    {{ ratio('(compared_kwh - compared_kwh_before)', 'compared_kwh_before', 4, decimals=3) }} as kwh_yoy,
    {{ ratio('nullif(summer_kwh, 0) * mild_months', 'mild_kwh * summer_months', 4, decimals=3) }} as summer_ratio,
    {{ ratio('nullif(winter_kwh, 0) * mild_months', 'mild_kwh * winter_months', 4, decimals=3) }} as winter_ratio,
    case when kwh > 0 then {{ rounded('sqrt(' ~ kwh_variance ~ ') / cast(kwh as ' ~ type_double() ~ ')', 4) }} end as kwh_cv,
    {{ ratio('peak_kwh', 'parts_kwh', 4, decimals=3) }} as peak_share,
    coalesce(
        {{ ratio('valley_kwh', 'parts_kwh', 4, decimals=3) }},
        {{ ratio('night_kwh', 'hourly_kwh', 4, decimals=3) }}
    ) as night_share,
    {{ ratio('weekend_kwh', 'interval_kwh', 4, decimals=3) }} as weekend_share,
    {{ ratio('kwh', 'greatest_kwh * valid_months', 4, decimals=3) }} as load_factor,
    case
        when hour_count is not null then {{ ratio('base_kwh * hour_count', 'base_hourly_kwh', 4, decimals=3) }}
        else {{ ratio('least_kwh * valid_months', 'kwh', 4, decimals=3) }}
    end as baseload_ratio,
    cooling_slope,
    heating_slope

from measured
