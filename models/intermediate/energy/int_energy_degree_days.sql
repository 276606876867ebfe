-- One row per city and calendar month: heating and cooling degree days, each day as recorded last.

with

versions as (

    select
        city,
        weather_date,
        hdd,
        cdd,
        row_number() over (
            partition by city, weather_date order by recorded_at desc nulls last, _file desc, _line desc
        ) as version_rank

    from {{ ref('int_weather_screened') }}

    where fate = 'accepted' and not coalesce({{ is_hidden_by_cutoff('recorded_at') }}, false)

)

select
    city,
    {{ month_number('weather_date') }} as month_number,
    cast(sum(hdd) as decimal(12, 2)) as hdd,
    cast(sum(cdd) as decimal(12, 2)) as cdd

from versions

where version_rank = 1

group by city, {{ month_number('weather_date') }}
