-- One row per review date and customer: by how many kWh a month's use rises with a cooling or heating degree day of the city.
{% set seasons = {'cooling': 'cdd', 'heating': 'hdd'} %}

with

months as (

    select
        months.as_of_date,
        months.customer_key,
        months.min_months,
        months.kwh,
        degree_days.hdd,
        degree_days.cdd

    from {{ ref('int_energy_months_reviewed') }} as months
    inner join {{ ref('int_energy_customers') }} as customers
        on months.as_of_date = customers.as_of_date and months.customer_key = customers.customer_key
    inner join {{ ref('int_energy_degree_days') }} as degree_days
        on customers.city = degree_days.city and months.month_number = degree_days.month_number

    where months.is_valid

),

sums as (

    select
        as_of_date,
        customer_key,
        {%- for season, column in seasons.items() %}
        count({{ column }}) as {{ season }}_n,
        sum({{ column }}) as {{ season }}_x,
        sum(case when {{ column }} is not null then kwh end) as {{ season }}_y,
        sum(cast({{ column }} as decimal(38, 2)) * {{ column }}) as {{ season }}_xx,
        sum(cast({{ column }} as decimal(38, 2)) * kwh) as {{ season }}_xy,
        {%- endfor %}
        min_months

    from months

    group by as_of_date, customer_key, min_months

)

select
    as_of_date,
    customer_key,
    case
        when cooling_n >= min_months
            then {{ ratio(
                '(cooling_n * cooling_xy - cooling_x * cooling_y)', '(cooling_n * cooling_xx - cooling_x * cooling_x)', 4, decimals=5
            ) }}
    end as cooling_slope,
    case
        when heating_n >= min_months
            then {{ ratio(
                '(heating_n * heating_xy - heating_x * heating_y)', '(heating_n * heating_xx - heating_x * heating_x)', 4, decimals=5
            ) }}
    end as heating_slope

from sums
