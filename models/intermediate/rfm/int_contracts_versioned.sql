-- One row per contract and version: what was known of it from seen_from until before seen_until.

with

versions as (

    select
        contracts.contract_id,
        contracts.customer_key,
        contracts.lob,
        contracts.status,
        contracts.total_amount,
        contracts.currency,
        contracts.term_months,
        contracts.area_m2,
        contracts.property_type,
        contracts.end_date is null as is_open_ended,
        coalesce(contracts.cancelled_on <= coalesce(contracts.end_date, contracts.cancelled_on), false) as is_cancelled,
        coalesce(contracts.start_date, contracts.signed_on) as active_from,
        least(contracts.end_date, contracts.cancelled_on) as active_until,
        contracts.end_date,
        contracts.cancelled_on,
        contracts.handover_date,
        coalesce(contracts.subscribed_on, contracts.signed_on, contracts.start_date, contracts.known_on) as agreed_on,
        contracts.known_on,
        row_number() over (
            partition by contracts.contract_id order by contracts.recorded_at nulls first, contracts._file, contracts._line
        ) as version_number

    from {{ ref('int_contracts_screened') }} as contracts

    where contracts.fate = 'accepted' and not coalesce({{ is_hidden_by_cutoff('contracts.recorded_at') }}, false)

),

seen as (

    select
        versions.*,
        calendar.first_knowledge_date as seen_from

    from versions
    left join {{ ref('int_calendar') }} as calendar
        on greatest(coalesce(versions.known_on, date '1990-01-01'), date '1990-01-01') = calendar.calendar_date

)

select
    contract_id,
    customer_key,
    lob,
    status,
    total_amount,
    currency,
    term_months,
    area_m2,
    property_type,
    is_open_ended,
    is_cancelled,
    active_from,
    active_until,
    end_date,
    cancelled_on,
    handover_date,
    agreed_on,
    seen_from,
    lead(seen_from) over (partition by contract_id order by version_number) as seen_until

from seen
