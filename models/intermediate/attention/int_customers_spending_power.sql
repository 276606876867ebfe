-- One row per shown date and graded customer of whom it can be told: the band of spending power, by income, else by the largest purchase.

with

bands as (

    select
        review_dates.as_of_date,
        policy.basis,
        policy.code,
        policy.lower_bound,
        policy.spending_power_band,
        case policy.spending_power_band when 'high_end' then 3 when 'mid_range' then 2 else 1 end as band_order

    from {{ ref('int_review_dates') }} as review_dates
    inner join {{ ref('policy_spending_power') }} as policy
        on {{ in_force('policy', 'review_dates.as_of_date') }}

    where review_dates.is_shown

),

tickets as (

    select
        bands.as_of_date,
        sales.customer_key,
        max(bands.band_order) as band_order

    from {{ ref('int_sale_nets') }} as sales
    inner join bands
        on
            bands.basis = 'ticket'
            and sales.lob = bands.code
            and sales.largest_net_amount >= bands.lower_bound
            and sales.seen_from <= bands.as_of_date
            and (sales.seen_until is null or bands.as_of_date < sales.seen_until)

    group by bands.as_of_date, sales.customer_key

),

incomes as (

    select
        bands.as_of_date,
        versions.customer_key,
        bands.band_order

    from {{ ref('int_customers_versioned') }} as versions
    inner join bands
        on
            bands.basis = 'income'
            and versions.income_band = bands.code
            and versions.seen_from <= bands.as_of_date
            and (versions.seen_until is null or bands.as_of_date < versions.seen_until)

)

select
    reviews.as_of_date,
    reviews.customer_key,
    case coalesce(incomes.band_order, tickets.band_order) when 3 then 'high_end' when 2 then 'mid_range' else 'low_end' end
        as spending_power_band,
    case when incomes.band_order is not null then 'income' else 'ticket' end as spending_power_basis

from {{ ref('int_customer_reviews') }} as reviews
left join incomes
    on reviews.as_of_date = incomes.as_of_date and reviews.customer_key = incomes.customer_key
left join tickets
    on reviews.as_of_date = tickets.as_of_date and reviews.customer_key = tickets.customer_key

where reviews.is_scoreable and coalesce(incomes.band_order, tickets.band_order) is not null
