-- One row per landed contract line: repairs made, and its fate (accepted, rejected or duplicate) with the rule.
{% set is_over_since_unknown -%}
    status = 'cancelled'
        or (status in ('ended', 'terminated') and end_date is null)
        or (status = 'terminated' and end_date > {{ business_date('recorded_at') }})
{%- endset %}

with

contracts as (

    select
        stg_contracts.*,
        customers.customer_key,
        row_number() over (
            partition by stg_contracts.contract_id, stg_contracts.row_hash
            order by stg_contracts._file, stg_contracts._line
        ) as copy_number

    from {{ ref('stg_raw__contracts') }} as stg_contracts
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_contracts.customer_id = customers.customer_id

),

judged as (

    select
        contracts.*,
        {{ first_broken_rule({
            'contract_id_missing': 'contract_id is null',
            'customer_id_missing': 'customer_id is null',
            'lob_unknown': "lob is null or lob = 'venue'",
            'status_unknown': 'status is null',
            'date_unparsable': '(start_date is null and start_date_text is not null) or (end_date is null and end_date_text is not null)',
            'amount_unparsable': '(total_amount is null and total_amount_text is not null) or total_amount < 0',
            'end_before_start': 'end_date < start_date',
            'orphan_customer': 'customer_key is null',
        }) }} as rejected_by

    from contracts

)

select
    _file,
    _line,
    contract_id,
    customer_id,
    customer_key,
    lob,
    product_id,
    status,
    currency,
    property_type,
    project_id,
    unit_id,
    renewal_of_contract_id,
    sales_person_id,
    term_months,
    total_amount,
    area_m2,
    {{ business_date('subscribed_at') }} as subscribed_on,
    {{ business_date('signed_at') }} as signed_on,
    start_date,
    end_date,
    handover_date,
    case
        when cancelled_at is not null then {{ business_date('cancelled_at') }}
        -- Over, and nobody says since when: since it was recorded, else since the contract's own first date.
        when {{ is_over_since_unknown }}
            then coalesce({{ business_date('recorded_at') }}, {{ business_date('coalesce(signed_at, subscribed_at)') }}, start_date)
    end as cancelled_on,
    recorded_at,
    {{ business_date('recorded_at') }} as known_on,
    case
        when contract_id is not null and copy_number > 1 then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'cancelled_at_missing': 'cancelled_at is null and (' ~ is_over_since_unknown ~ ')',
        'signed_before_subscribed': 'signed_at < subscribed_at',
        'value_unreadable': any_unreadable([
            'property_type', 'term_months', 'area_m2', 'handover_date', 'subscribed_at', 'signed_at', 'cancelled_at', 'recorded_at'
        ]),
    }) }} as noted_rules

from judged
