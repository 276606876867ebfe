-- One row per review date and graded customer supplied with energy: use, its pattern, standing among peers, advice.

select
    compared.as_of_date,
    compared.customer_id,
    compared.energy_status,
    compared.energy_pattern,
    compared.property_type,
    compared.area_band,
    compared.peer_level,
    compared.peer_state,
    advised.advice_id,
    compared.tariff_code,
    cast(compared.valid_months as integer) as valid_months,
    cast(compared.vacant_months as integer) as vacant_months,
    cast(compared.peer_count as bigint) as peer_count,
    compared.area_m2,
    compared.kwh_12m,
    compared.annual_kwh,
    cast(compared.kwh_yoy as decimal(18, 4)) as kwh_yoy,
    compared.kwh_per_m2,
    compared.summer_ratio,
    compared.winter_ratio,
    compared.kwh_cv,
    compared.peak_share,
    compared.night_share,
    compared.weekend_share,
    compared.load_factor,
    compared.baseload_ratio,
    compared.cooling_slope,
    compared.heating_slope,
    compared.peer_mean_kwh,
    compared.peer_efficient_kwh,
    advised.est_saving_kwh,
    advised.est_saving_amount

from {{ ref('int_energy_compared') }} as compared
left join {{ ref('int_energy_advised') }} as advised
    on compared.as_of_date = advised.as_of_date and compared.customer_key = advised.customer_key

where {{ is_shown('compared.as_of_date') }}
