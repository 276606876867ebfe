-- One row per landed weather line: its fate (accepted, rejected or duplicate) with the rule.

with

weather as (

    select
        stg_weather.*,
        row_number() over (
            partition by stg_weather.city, stg_weather.weather_date, stg_weather.row_hash
            order by stg_weather._file, stg_weather._line
        ) as copy_number

    from {{ ref('stg_raw__weather') }} as stg_weather

),

judged as (

    select
        weather.*,
        {{ first_broken_rule({
            'city_missing': 'city is null',
            'date_unparsable': 'weather_date is null',
        }) }} as rejected_by

    from weather

)

select
    _file,
    _line,
    city,
    weather_date,
    hdd,
    cdd,
    recorded_at,
    case
        when city is not null and weather_date is not null and copy_number > 1 then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({'value_unreadable': any_unreadable(['hdd', 'cdd', 'recorded_at'])}) }} as noted_rules

from judged
