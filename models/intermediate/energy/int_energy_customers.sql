-- One row per review date and graded customer with an energy contract or readings known by then: who is compared with whom.

with

supplied as (

    select
        customers.as_of_date,
        customers.customer_key,
        customers.customer_id,
        customers.customer_type,
        profiles.city,
        sites.property_type,
        sites.area_m2,
        tariffs.tariff_code,
        tariffs.price_per_kwh,
        tariffs.customer_key is not null as has_readings

    from {{ ref('int_customer_reviews') }} as customers
    left join {{ ref('int_energy_sites') }} as sites
        on customers.as_of_date = sites.as_of_date and customers.customer_key = sites.customer_key
    left join {{ ref('int_energy_tariffs') }} as tariffs
        on customers.as_of_date = tariffs.as_of_date and customers.customer_key = tariffs.customer_key
    left join {{ ref('int_customers_versioned') }} as profiles
        on
            customers.customer_key = profiles.customer_key
            and profiles.seen_from <= customers.as_of_date
            and (profiles.seen_until is null or customers.as_of_date < profiles.seen_until)

    where customers.is_scoreable and (sites.customer_key is not null or tariffs.customer_key is not null)

),

bands as (

    select
        review_dates.as_of_date,
        bands.area_band,
        bands.from_m2,
        lead(bands.from_m2) over (partition by review_dates.as_of_date order by bands.from_m2) as until_m2

    from {{ ref('int_review_dates') }} as review_dates
    inner join {{ ref('policy_energy_area_bands') }} as bands
        on {{ in_force('bands', 'review_dates.as_of_date') }}

)

select
    supplied.*,
    bands.area_band

from supplied
left join bands
    on
        supplied.as_of_date = bands.as_of_date
        and supplied.area_m2 >= bands.from_m2
        and (bands.until_m2 is null or supplied.area_m2 < bands.until_m2)
