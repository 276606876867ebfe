-- One row per landed meter reading line: its fate (accepted, rejected or duplicate) with the rule.

with

contracts as (

    select distinct contract_id

    from {{ ref('int_contracts_screened') }}

    where fate = 'accepted'

),

readings as (

    select
        dated.*,
        customers.customer_key,
        preceded.gap_days as days_since_period_before,
        units.kwh_per_unit,
        policy.gap_days as allowed_days,
        policy.parts_tolerance,
        coalesce(
            dated.broken_rule,
            {{ first_broken_rule({
                'register_decreased': 'dated.consumption is null and dated.reading_value < preceded.reading_before '
                    ~ 'and not coalesce(dated.is_meter_replaced, false)',
                'orphan_customer': 'customers.customer_key is null and contracts.contract_id is null',
            }) }}
        ) as rejected_by

    from {{ ref('int_energy_readings_dated') }} as dated
    left join {{ ref('int_customers_keyed') }} as customers
        on dated.customer_id = customers.customer_id
    left join contracts
        on dated.contract_id = contracts.contract_id
    left join {{ ref('int_energy_readings_preceded') }} as preceded
        on dated._file = preceded._file and dated._line = preceded._line
    left join {{ ref('policy_energy') }} as policy
        on {{ in_force('policy', 'dated.start_date') }}
    left join {{ ref('policy_energy_units') }} as units
        on coalesce(dated.unit, 'kWh') = units.unit and {{ in_force('units', 'dated.start_date') }}

)

select
    _file,
    _line,
    meter_id,
    customer_id,
    customer_key,
    contract_id,
    coalesce(granularity, 'month') as granularity,
    coalesce(read_type, 'actual') as read_type,
    tariff_code,
    reading_value,
    consumption,
    kwh_per_unit,
    peak_kwh,
    flat_kwh,
    valley_kwh,
    coalesce(is_meter_replaced, false) as is_meter_replaced,
    start_date,
    end_date,
    starts_at as period_start,
    recorded_at,
    case
        when meter_id is not null and starts_at is not null and copy_number > 1 then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'parts_exceed_total': 'coalesce(peak_kwh, 0) + coalesce(flat_kwh, 0) + coalesce(valley_kwh, 0) '
            ~ '> cast(consumption as decimal(24, 6)) * kwh_per_unit * (1 + parts_tolerance)',
        'reading_gap': 'days_since_period_before > allowed_days',
        'reading_overlap': '-days_since_period_before > allowed_days',
        'value_unreadable': any_unreadable([
            'granularity', 'unit', 'read_type', 'reading_value', 'consumption', 'peak_kwh', 'flat_kwh', 'valley_kwh',
            'is_meter_replaced', 'period_start', 'period_start_date', 'period_end', 'period_end_date', 'recorded_at'
        ]),
    }) }} as noted_rules

from readings
