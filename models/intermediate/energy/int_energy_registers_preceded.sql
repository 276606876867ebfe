-- One row per meter and period that has a register reading only, and period known before it: from seen_from until before seen_until.
-- Nothing known before it: period_before is null.

with

periods as (

    select
        meter_id,
        period_start,
        min(seen_from) as known_from,
        bool_or(consumption is null and not is_meter_replaced) as is_register_only

    from {{ ref('int_energy_readings_versioned') }}

    group by meter_id, period_start

),

numbered as (

    select
        meter_id,
        period_start,
        known_from,
        is_register_only,
        row_number() over (partition by meter_id order by period_start) as period_number,
        lag(period_start) over (partition by meter_id order by period_start) as period_before,
        lag(known_from) over (partition by meter_id order by period_start) as before_known_from,
        min(known_from) over (
            partition by meter_id order by period_start rows between unbounded preceding and 1 preceding
        ) as any_known_from

    from periods

),

-- Where the period before came late, those before it stood in for it: each until a nearer one was known.
stand_ins as (

    select
        late.meter_id,
        late.period_start,
        earlier.period_start as period_before,
        greatest(late.known_from, earlier.known_from) as seen_from,
        min(earlier.known_from) over (
            partition by late.meter_id, late.period_start
            order by earlier.period_number desc
            rows between unbounded preceding and 1 preceding
        ) as seen_until

    from numbered as late
    inner join numbered as earlier
        on late.meter_id = earlier.meter_id and earlier.period_number < late.period_number

    where late.is_register_only and late.before_known_from > late.known_from

)

select
    meter_id,
    period_start,
    period_before,
    known_from as seen_from,
    cast(null as date) as seen_until

from numbered

where is_register_only and before_known_from <= known_from

union all

select
    meter_id,
    period_start,
    period_before,
    seen_from,
    seen_until

from stand_ins

where seen_until is null or seen_from < seen_until

union all

select
    meter_id,
    period_start,
    cast(null as timestamp) as period_before,
    known_from as seen_from,
    any_known_from as seen_until

from numbered

where is_register_only and (any_known_from is null or known_from < any_known_from)
