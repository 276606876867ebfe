-- One row per review date and customer of energy: the first pattern that fits, where use is measured.

select
    measured.*,
    {{ ratio('measured.annual_kwh', 'measured.area_m2', 4, decimals=2) }} as kwh_per_m2,
    case
        when measured.energy_status <> 'measured' then null
        when measured.vacant_months >= policy.vacant_share * measured.valid_months then 'vacant'
        when measured.kwh_cv >= policy.irregular_from then 'irregular'
        when measured.peak_share >= policy.peak_from then 'peak_heavy'
        when measured.night_share >= policy.night_from then 'night_heavy'
        when measured.summer_ratio >= policy.summer_from then 'summer_cooling'
        when measured.winter_ratio >= policy.winter_from then 'winter_heating'
        when measured.baseload_ratio >= policy.baseload_from then 'high_baseload'
        else 'stable'
    end as energy_pattern

from {{ ref('int_energy_measured') }} as measured
inner join {{ ref('int_energy_policy_in_force') }} as policy
    on measured.as_of_date = policy.as_of_date
