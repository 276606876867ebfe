-- One row per review date and property purchase known by then: is the sale firm, by handover or by the share paid?

with

occasions as (

    select
        review_dates.as_of_date,
        occasions.customer_key,
        occasions.occasion_key,
        occasions.occasion_date

    from {{ ref('int_occasions') }} as occasions
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            occasions.seen_from <= review_dates.as_of_date
            and (occasions.seen_until is null or review_dates.as_of_date < occasions.seen_until)

    where occasions.lob = 'property_sale'

),

payments as (

    select
        review_dates.as_of_date,
        postings.customer_key,
        postings.contract_id,
        sum(postings.amount) as paid_amount

    from {{ ref('int_contract_payments') }} as postings
    inner join {{ ref('int_review_dates') }} as review_dates
        on postings.seen_from <= review_dates.as_of_date

    group by review_dates.as_of_date, postings.customer_key, postings.contract_id

)

select
    occasions.as_of_date,
    occasions.customer_key,
    occasions.occasion_key,
    occasions.occasion_date,
    case
        when contracts.contract_id is null then true
        when contracts.cancelled_on <= occasions.as_of_date then false
        when contracts.handover_date <= occasions.as_of_date then true
        when coalesce(contracts.total_amount, 0) = 0 then true
        else coalesce(payments.paid_amount, 0) >= parameters.sale_firm_paid_share * contracts.total_amount
    end as is_firm

from occasions
inner join {{ ref('int_parameters_in_force') }} as parameters
    on occasions.as_of_date = parameters.as_of_date
left join {{ ref('int_contracts_versioned') }} as contracts
    on
        occasions.occasion_key = 'contract ' || contracts.contract_id
        and contracts.seen_from <= occasions.as_of_date
        and (contracts.seen_until is null or occasions.as_of_date < contracts.seen_until)
left join payments
    on
        occasions.as_of_date = payments.as_of_date
        and occasions.customer_key = payments.customer_key
        and contracts.contract_id = payments.contract_id
