-- One row per landed meter reading line: the days of its period, and the first rule that it breaks by itself.
-- Text without a time of day is the date it says. An end with a time ends there: at midnight that is the day before.
{% set is_start_timed = matches('period_start_text', ':') %}
{% set is_end_timed = matches('period_end_text', ':') %}

with

dated as (

    select
        stg_readings.*,
        case when {{ is_start_timed }} then {{ business_date('period_start') }} else period_start_date end as start_date,
        case
            when {{ is_start_timed }} then period_start
            else {{ zone_to_utc('cast(period_start_date as timestamp)', "'" ~ business_tz() ~ "'") }}
        end as starts_at,
        case
            when {{ is_end_timed }} then {{ business_date("(period_end - interval '1 second')") }}
            else period_end_date
        end as delivered_end_date

    from {{ ref('stg_raw__energy_readings') }} as stg_readings

),

spanned as (

    select
        dated.*,
        case
            when granularity = 'hour' then start_date
            when delivered_end_date is not null then greatest(start_date, delivered_end_date)
            when granularity = 'day' then start_date
            else {{ add_days(add_months("cast(date_trunc('month', start_date) as date)", 1), -1) }}
        end as end_date,
        row_number() over (partition by meter_id, starts_at, row_hash order by _file, _line) as copy_number

    from dated

)

select
    spanned.*,
    {{ first_broken_rule({
        'meter_id_missing': 'meter_id is null',
        'period_start_unparsable': 'period_start is null or period_start_date is null',
        'period_reversed': 'case when ' ~ is_end_timed ~ ' then period_end < starts_at else delivered_end_date < start_date end',
        'reading_missing': 'reading_value is null and consumption is null',
        'consumption_negative': 'consumption < 0',
        'unit_unknown': 'unit is null and unit_text is not null',
        'granularity_unknown': 'granularity is null and granularity_text is not null',
    }) }} as broken_rule

from spanned
