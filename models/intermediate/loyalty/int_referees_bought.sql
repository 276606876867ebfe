-- One row per review date and referee with purchases: the date of the first occasion, and does a purchase of that day count already?

with

referees as (

    select distinct referee_key as customer_key

    from {{ ref('int_referrals_seen') }}

    where referee_key is not null

),

occasions as (

    select
        review_dates.as_of_date,
        occasions.customer_key,
        occasions.lob,
        occasions.occasion_key,
        occasions.occasion_date,
        min(occasions.occasion_date) over (
            partition by review_dates.as_of_date, occasions.customer_key
        ) as first_occasion_date

    from {{ ref('int_occasions') }} as occasions
    inner join referees
        on occasions.customer_key = referees.customer_key
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            occasions.seen_from <= review_dates.as_of_date
            and (occasions.seen_until is null or review_dates.as_of_date < occasions.seen_until)

)

select
    occasions.as_of_date,
    occasions.customer_key,
    bool_or(occasions.lob <> 'property_sale' or coalesce(units.is_firm, false)) as is_first_firm,
    occasions.first_occasion_date

from occasions
left join {{ ref('int_property_units') }} as units
    on
        occasions.as_of_date = units.as_of_date
        and occasions.customer_key = units.customer_key
        and occasions.occasion_key = units.occasion_key
        and occasions.occasion_date = units.occasion_date
        and occasions.lob = 'property_sale'

where occasions.occasion_date = occasions.first_occasion_date

group by occasions.as_of_date, occasions.customer_key, occasions.first_occasion_date
