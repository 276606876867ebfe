-- One row per review date and graded customer: how much the customer has to do with the group, sales aside.

select
    engagement.as_of_date,
    reviews.customer_id,
    engagement.engagement_status,
    engagement.top_event_type,
    cast(engagement.engagement_points as decimal(18, 4)) as engagement_points,
    cast(engagement.engagement_score as decimal(9, 4)) as engagement_score,
    cast(engagement.interaction_count_90d as bigint) as interaction_count_90d,
    cast(engagement.interaction_count_365d as bigint) as interaction_count_365d,
    cast(engagement.active_days_90d as integer) as active_days_90d,
    cast(engagement.days_since_interaction as integer) as days_since_interaction,
    cast(engagement.bot_day_count as integer) as bot_day_count,
    engagement.last_interaction_date

from {{ ref('int_customers_engagement') }} as engagement
inner join {{ ref('int_customer_reviews') }} as reviews
    on engagement.as_of_date = reviews.as_of_date and engagement.customer_key = reviews.customer_key

where {{ is_shown('engagement.as_of_date') }}
