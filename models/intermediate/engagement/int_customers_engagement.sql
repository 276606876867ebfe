-- One row per review date and graded customer: engagement.

with

bot_days as (

    select
        as_of_date,
        customer_key,
        sum(case when event_date > {{ add_days('as_of_date', -365) }} then 1 else 0 end) as bot_day_count

    from {{ ref('int_interaction_bot_days') }}

    group by as_of_date, customer_key

),

measured as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        case
            when latest.last_interaction_date is not null then 'measured'
            when latest.customer_key is not null then 'outbound_only'
            when bot_days.customer_key is not null then 'bot_days_only'
            else 'no_interaction'
        end as engagement_status,
        totals.top_event_type,
        policy.half_points,
        case when latest.last_interaction_date is not null then coalesce(totals.engagement_points, 0) end as engagement_points,
        coalesce(recent.interaction_count_90d, 0) as interaction_count_90d,
        coalesce(totals.interaction_count_365d, 0) as interaction_count_365d,
        coalesce(recent.active_days_90d, 0) as active_days_90d,
        coalesce(bot_days.bot_day_count, 0) as bot_day_count,
        latest.last_interaction_date

    from {{ ref('int_customer_reviews') }} as reviews
    inner join {{ ref('int_engagement_policy_in_force') }} as policy
        on reviews.as_of_date = policy.as_of_date
    left join {{ ref('int_engagement_latest') }} as latest
        on reviews.as_of_date = latest.as_of_date and reviews.customer_key = latest.customer_key
    left join {{ ref('int_engagement_totals') }} as totals
        on reviews.as_of_date = totals.as_of_date and reviews.customer_key = totals.customer_key
    left join {{ ref('int_engagement_recent') }} as recent
        on reviews.as_of_date = recent.as_of_date and reviews.customer_key = recent.customer_key
    left join bot_days
        on reviews.as_of_date = bot_days.as_of_date and reviews.customer_key = bot_days.customer_key

    where reviews.is_scoreable

)

select
    as_of_date,
    customer_key,
    engagement_status,
    top_event_type,
    engagement_points,
    {{ rounded(
        '100 * (1 - power(cast(0.5 as ' ~ type_double() ~ '), cast(engagement_points as ' ~ type_double() ~ ') / cast(half_points as '
        ~ type_double() ~ ')))',
        4
    ) }} as engagement_score,
    interaction_count_90d,
    interaction_count_365d,
    active_days_90d,
    {{ days_between('last_interaction_date', 'as_of_date') }} as days_since_interaction,
    bot_day_count,
    last_interaction_date

from measured
