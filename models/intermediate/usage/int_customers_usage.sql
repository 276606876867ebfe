-- One row per review date, graded customer, line and category used in the last 24 months: how often, for how long, and how it was liked.

with

facts as (

    select
        categories.as_of_date,
        categories.customer_key,
        categories.lob,
        categories.category,
        categories.last_sale_date,
        coalesce(counted.use_count, 0) as use_count,
        coalesce(counted.active_months, 0) as active_months,
        coalesce(counted.units, 0) as units,
        least(
            12,
            {{ month_number('categories.as_of_date') }} + 1
            - {{ month_number('greatest(categories.first_sale_date, ' ~ add_days('categories.as_of_date', -364) ~ ')') }}
        ) as exposed_months,
        product_ratings.rating_count as product_rating_count,
        product_ratings.mean_score_norm as product_score_norm,
        line_ratings.rating_count as line_rating_count,
        line_ratings.mean_score_norm as line_score_norm

    from {{ ref('int_usage_categories') }} as categories
    left join {{ ref('int_usage_counted') }} as counted
        on
            categories.as_of_date = counted.as_of_date
            and categories.customer_key = counted.customer_key
            and categories.lob = counted.lob
            and categories.category = counted.category
    left join {{ ref('int_usage_ratings') }} as product_ratings
        on
            categories.as_of_date = product_ratings.as_of_date
            and categories.customer_key = product_ratings.customer_key
            and categories.lob = product_ratings.lob
            and categories.category = product_ratings.category
    left join {{ ref('int_usage_ratings') }} as line_ratings
        on
            categories.as_of_date = line_ratings.as_of_date
            and categories.customer_key = line_ratings.customer_key
            and categories.lob = line_ratings.lob
            and line_ratings.category is null

)

select
    as_of_date,
    customer_key,
    lob,
    category,
    case
        when product_rating_count > 0 then 'product'
        when line_rating_count > 0 then 'line'
    end as satisfaction_basis,
    use_count,
    units,
    active_months,
    exposed_months,
    least(1, {{ ratio('active_months', 'exposed_months', 4, decimals=0) }}) as usage_rate,
    case when product_rating_count > 0 then product_score_norm else line_score_norm end as usage_satisfaction,
    coalesce(product_rating_count, line_rating_count, 0) as rating_count,
    last_sale_date

from facts
