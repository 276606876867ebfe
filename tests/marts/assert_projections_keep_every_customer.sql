-- At every horizon there are as many customers as are known today: moves make and lose nobody.

with

known as (

    select sum(economics.customer_count) as customer_count

    from {{ ref('tier_economics') }} as economics
    inner join {{ ref('review_dates') }} as review_dates
        on economics.as_of_date = review_dates.as_of_date and review_dates.is_current

)

select
    projections.horizon,
    sum(projections.expected_customers) as expected_customers,
    max(known.customer_count) as customer_count

from {{ ref('tier_projections') }} as projections
cross join known

group by projections.horizon

having abs(sum(projections.expected_customers) - max(known.customer_count)) > 0.5 + 0.00001 * max(known.customer_count)
