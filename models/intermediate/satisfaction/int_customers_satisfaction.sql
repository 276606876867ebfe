-- One row per review date and graded customer: satisfaction (placeholder until its models are there).

select
    reviews.as_of_date,
    reviews.customer_key,
    cast(null as {{ type_text() }}) as sat_class,
    cast(null as boolean) as is_attitudinally_loyal

from {{ ref('int_customer_reviews') }} as reviews

where reviews.is_scoreable
