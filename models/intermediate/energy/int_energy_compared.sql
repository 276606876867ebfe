-- One row per review date and customer of energy: the narrowest group of peers that is large enough, and the standing in it.

with

compared as (

    select
        patterned.*,
        case
            when patterned.energy_status = 'measured' then coalesce(in_city.peer_level, in_area.peer_level, in_type.peer_level, 'none')
        end as peer_level,
        case
            when patterned.energy_status = 'measured' then coalesce(in_city.peer_count, in_area.peer_count, in_type.peer_count, 0)
        end as peer_count,
        case
            when patterned.energy_status = 'measured'
                then coalesce(in_city.peer_mean_kwh, in_area.peer_mean_kwh, in_type.peer_mean_kwh)
        end as peer_mean_kwh,
        case
            when patterned.energy_status = 'measured'
                then coalesce(in_city.peer_efficient_kwh, in_area.peer_efficient_kwh, in_type.peer_efficient_kwh)
        end as peer_efficient_kwh

    from {{ ref('int_energy_patterned') }} as patterned
    left join {{ ref('int_energy_peers') }} as in_city
        on
            patterned.as_of_date = in_city.as_of_date
            and in_city.peer_level = 'city'
            and patterned.customer_type = in_city.customer_type
            and patterned.property_type = in_city.property_type
            and patterned.area_band = in_city.area_band
            and patterned.city = in_city.city
    left join {{ ref('int_energy_peers') }} as in_area
        on
            patterned.as_of_date = in_area.as_of_date
            and in_area.peer_level = 'area'
            and patterned.customer_type = in_area.customer_type
            and patterned.property_type = in_area.property_type
            and patterned.area_band = in_area.area_band
    left join {{ ref('int_energy_peers') }} as in_type
        on
            patterned.as_of_date = in_type.as_of_date
            and in_type.peer_level = 'type'
            and patterned.customer_type = in_type.customer_type
            and patterned.property_type = in_type.property_type

)

select
    compared.*,
    case
        when annual_kwh <= peer_efficient_kwh then 'great'
        when annual_kwh <= peer_mean_kwh then 'good'
        when annual_kwh > peer_mean_kwh then 'above'
    end as peer_state

from compared
