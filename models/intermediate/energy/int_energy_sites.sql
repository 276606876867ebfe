-- One row per review date and customer with an energy contract begun by then: area and type of what is supplied.

with

contracts as (

    select
        review_dates.as_of_date,
        contracts.customer_key,
        contracts.contract_id,
        contracts.property_type,
        coalesce(case when contracts.area_m2 > 0 then contracts.area_m2 end, 0) as area_m2,
        contracts.active_until is null or contracts.active_until >= review_dates.as_of_date as is_active,
        contracts.active_until

    from {{ ref('int_contracts_versioned') }} as contracts
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            contracts.seen_from <= review_dates.as_of_date
            and (contracts.seen_until is null or review_dates.as_of_date < contracts.seen_until)
            and contracts.active_from <= review_dates.as_of_date

    where contracts.lob = 'energy' and contracts.status <> 'subscribed'

),

ranked as (

    select
        contracts.*,
        sum(case when is_active then area_m2 end) over (partition by as_of_date, customer_key) as active_area_m2,
        row_number() over (
            partition by as_of_date, customer_key
            order by
                case when is_active then 0 else 1 end,
                case when is_active then null else active_until end desc nulls last,
                area_m2 desc,
                contract_id
        ) as site_rank

    from contracts

)

select
    as_of_date,
    customer_key,
    property_type,
    cast(nullif(case when is_active then active_area_m2 else area_m2 end, 0) as decimal(18, 2)) as area_m2

from ranked

where site_rank = 1
