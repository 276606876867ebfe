-- One row per landed contract line: text made typed, nothing judged.
{% set columns = [
    'contract_id', 'customer_id', 'lob', 'product_id', 'status', 'subscribed_at', 'signed_at', 'start_date', 'end_date', 'handover_date',
    'cancelled_at', 'term_months', 'total_amount', 'currency', 'area_m2', 'project_id', 'unit_id', 'property_type',
    'renewal_of_contract_id', 'sales_person_id', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'contracts') }}

),

typed as (

    select
        _file,
        _line,
        contract_id,
        customer_id,
        product_id,
        project_id,
        unit_id,
        renewal_of_contract_id,
        sales_person_id,
        source_system,
        {{ parse_code('lob', 'lob') }} as lob,
        lob as lob_text,
        {{ parse_code('status', 'contract_status') }} as status,
        status as status_text,
        {{ parse_code('property_type', 'property_type') }} as property_type,
        property_type as property_type_text,
        case upper(currency) when 'RMB' then 'CNY' else upper(currency) end as currency,
        {{ parse_number('term_months', 'integer') }} as term_months,
        term_months as term_months_text,
        {{ parse_money('total_amount') }} as total_amount,
        total_amount as total_amount_text,
        {{ parse_number('area_m2', 'decimal(18, 2)') }} as area_m2,
        area_m2 as area_m2_text,
        {{ parse_date('start_date') }} as start_date,
        start_date as start_date_text,
        {{ parse_date('end_date') }} as end_date,
        end_date as end_date_text,
        {{ parse_date('handover_date') }} as handover_date,
        handover_date as handover_date_text,
        {{ parse_timestamp('subscribed_at') }} as subscribed_at,
        subscribed_at as subscribed_at_text,
        {{ parse_timestamp('signed_at') }} as signed_at,
        signed_at as signed_at_text,
        {{ parse_timestamp('cancelled_at') }} as cancelled_at,
        cancelled_at as cancelled_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        {{ row_hash(columns) }} as row_hash

    from landed

)

select * from typed
