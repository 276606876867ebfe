-- One row per customer, calendar month and state of knowledge: the use of all meters, and how far one of them is from covering it.
{% set sums = ['kwh', 'peak_kwh', 'valley_kwh', 'parts_kwh', 'hour_count', 'hourly_kwh', 'night_kwh', 'interval_kwh', 'weekend_kwh'] %}

with

changes as (

    select customer_key, month_number, seen_from as changed_on from {{ ref('int_energy_meter_months') }}

    union

    select customer_key, month_number, seen_until as changed_on from {{ ref('int_energy_meter_months') }}

    where seen_until is not null

),

states as (

    select
        customer_key,
        month_number,
        changed_on as seen_from,
        lead(changed_on) over (partition by customer_key, month_number order by changed_on) as seen_until

    from changes

),

meters as (

    select
        states.customer_key,
        states.month_number,
        states.seen_from,
        states.seen_until,
        months.meter_id,
        {%- for column in sums %}
        sum(months.{{ column }}) as {{ column }},
        {%- endfor %}
        sum(months.covered_hours) as covered_hours

    from states
    inner join {{ ref('int_energy_meter_months') }} as months
        on
            states.customer_key = months.customer_key
            and states.month_number = months.month_number
            and months.seen_from <= states.seen_from
            and (months.seen_until is null or states.seen_from < months.seen_until)

    group by states.customer_key, states.month_number, states.seen_from, states.seen_until, months.meter_id

),

days as (

    select
        {{ month_number('calendar_date') }} as month_number,
        count(*) as day_count

    from {{ ref('int_calendar') }}

    group by {{ month_number('calendar_date') }}

)

select
    meters.customer_key,
    meters.month_number,
    cast(max(abs(meters.covered_hours - 24 * days.day_count)) as bigint) as greatest_gap_hours,
    {%- for column in sums %}
    cast(sum(meters.{{ column }}) as {{ 'bigint' if column == 'hour_count' else 'decimal(24, 3)' }}) as {{ column }},
    {%- endfor %}
    meters.seen_from,
    meters.seen_until

from meters
inner join days
    on meters.month_number = days.month_number

group by meters.customer_key, meters.month_number, meters.seen_from, meters.seen_until
