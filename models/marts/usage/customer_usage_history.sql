-- One row per review date, graded customer, line and category used in the last 24 months: how often, for how long, and how it was liked.

select
    usages.as_of_date,
    reviews.customer_id,
    usages.lob,
    usages.category,
    usages.satisfaction_basis,
    cast(usages.use_count as bigint) as use_count_12m,
    cast(usages.units as decimal(28, 3)) as units_12m,
    cast(usages.active_months as integer) as active_months_12m,
    cast(usages.exposed_months as integer) as exposed_months,
    cast(usages.usage_rate as decimal(9, 4)) as usage_rate,
    cast(usages.usage_satisfaction as decimal(9, 4)) as usage_satisfaction,
    cast(usages.rating_count as bigint) as rating_count,
    usages.last_sale_date as last_used_date

from {{ ref('int_customers_usage') }} as usages
inner join {{ ref('int_customer_reviews') }} as reviews
    on usages.as_of_date = reviews.as_of_date and usages.customer_key = reviews.customer_key

where {{ is_shown('usages.as_of_date') }}
