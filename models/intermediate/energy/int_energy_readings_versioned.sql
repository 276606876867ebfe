-- One row per meter, period and version that some review goes by: from seen_from until before seen_until.

with

readings as (

    select
        screened.*,
        -- A period is a fact once it is over.
        greatest(screened.end_date, coalesce({{ business_date('screened.recorded_at') }}, screened.end_date)) as known_on,
        case when screened.read_type = 'estimated' then 1 else 0 end as estimate_rank

    from {{ ref('int_energy_readings_screened') }} as screened

    where
        screened.fate = 'accepted'
        and not coalesce(
            {{ is_hidden_by_cutoff(
                'coalesce(screened.recorded_at, '
                ~ zone_to_utc('cast(screened.end_date as timestamp)', "'" ~ business_tz() ~ "'") ~ ')'
            ) }},
            false
        )

),

seen as (

    select
        readings.*,
        calendar.first_knowledge_date as seen_from,
        min(calendar.first_knowledge_date) over (
            partition by readings.meter_id, readings.period_start
            order by readings.estimate_rank, readings.recorded_at desc nulls last, readings._file desc, readings._line desc
            rows between unbounded preceding and 1 preceding
        ) as seen_until

    from readings
    inner join {{ ref('int_calendar') }} as calendar
        on readings.known_on = calendar.calendar_date

)

select
    meter_id,
    customer_key,
    contract_id,
    granularity,
    tariff_code,
    reading_value,
    consumption,
    kwh_per_unit,
    peak_kwh,
    flat_kwh,
    valley_kwh,
    is_meter_replaced,
    start_date,
    end_date,
    period_start,
    seen_from,
    seen_until

from seen

where seen_until is null or seen_from < seen_until
