-- One row per contract and day on which a version of it became known: what is known of it from known_from until before known_until.

with

versions as (

    select
        contract_id,
        total_amount,
        cancelled_on,
        handover_date,
        coalesce(known_on, date '1990-01-01') as known_from,
        row_number() over (
            partition by contract_id, coalesce(known_on, date '1990-01-01')
            order by recorded_at desc nulls last, _file desc, _line desc
        ) as version_rank

    from {{ ref('int_contracts_screened') }}

    where fate = 'accepted' and not coalesce({{ is_hidden_by_cutoff('recorded_at') }}, false)

)

select
    contract_id,
    total_amount,
    cancelled_on,
    handover_date,
    known_from,
    lead(known_from) over (partition by contract_id order by known_from) as known_until

from versions

where version_rank = 1
