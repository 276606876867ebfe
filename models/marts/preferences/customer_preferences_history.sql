-- One row per review date and graded customer: what is bought most, by which channels, with how much discount, and did that change?

select
    preferences.as_of_date,
    reviews.customer_id,
    preferences.top_category,
    preferences.top_lob,
    preferences.previous_top_category,
    preferences.previous_top_lob,
    preferences.recent_top_category,
    preferences.recent_top_lob,
    preferences.declared_channel,
    preferences.used_channel,
    preferences.preferred_channel,
    preferences.purchase_channel,
    cast(preferences.discount_share as decimal(9, 4)) as discount_share,
    cast(preferences.discounted_sale_share as decimal(9, 4)) as discounted_sale_share,
    preferences.has_changed_habits

from {{ ref('int_customers_preferences') }} as preferences
inner join {{ ref('int_customer_reviews') }} as reviews
    on
        preferences.as_of_date = reviews.as_of_date
        and preferences.customer_key = reviews.customer_key
        and reviews.is_scoreable

where {{ is_shown('preferences.as_of_date') }}
