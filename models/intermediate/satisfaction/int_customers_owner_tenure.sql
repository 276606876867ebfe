-- One row per review date and graded customer with a home bought and not given back: how long it has been theirs.

with

homes as (

    select
        review_dates.as_of_date,
        contracts.customer_key,
        min(case when contracts.handover_date <= review_dates.as_of_date then contracts.handover_date end) as handover_date

    from {{ ref('int_contracts_versioned') }} as contracts
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            contracts.seen_from <= review_dates.as_of_date
            and (contracts.seen_until is null or review_dates.as_of_date < contracts.seen_until)

    where
        contracts.lob = 'property_sale'
        and contracts.status <> 'subscribed'
        and not coalesce(contracts.cancelled_on <= review_dates.as_of_date, false)

    group by review_dates.as_of_date, contracts.customer_key

),

aged as (

    select
        homes.*,
        {{ whole_years_between('homes.handover_date', 'homes.as_of_date') }} as tenure_years

    from homes

)

select
    aged.as_of_date,
    aged.customer_key,
    case
        when aged.handover_date is null then 'signed_not_delivered'
        when aged.tenure_years < 1 then 'under_1y'
        when aged.tenure_years < 2 then '1_2y'
        when aged.tenure_years < 5 then '2_5y'
        else 'over_5y'
    end as owner_tenure_band

from aged
inner join {{ ref('int_customer_reviews') }} as reviews
    on aged.as_of_date = reviews.as_of_date and aged.customer_key = reviews.customer_key and reviews.is_scoreable
