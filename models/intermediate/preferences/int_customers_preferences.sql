-- One row per review date and graded customer: what is bought most, by which channels, with how much discount, and did that change?

with

tastes as (

    select
        as_of_date,
        customer_key,
        max(case when taste_type = 'category' and top_rank = 1 then taste end) as top_category,
        max(case when taste_type = 'lob' and top_rank = 1 then taste end) as top_lob,
        max(case when taste_type = 'category' and previous_rank = 1 then taste end) as previous_top_category,
        max(case when taste_type = 'lob' and previous_rank = 1 then taste end) as previous_top_lob,
        max(case when taste_type = 'category' and recent_rank = 1 then taste end) as recent_top_category,
        max(case when taste_type = 'lob' and recent_rank = 1 then taste end) as recent_top_lob

    from {{ ref('int_customers_tastes_ranked') }}

    group by as_of_date, customer_key

)

select
    reviews.as_of_date,
    reviews.customer_key,
    tastes.top_category,
    tastes.top_lob,
    tastes.previous_top_category,
    tastes.previous_top_lob,
    tastes.recent_top_category,
    tastes.recent_top_lob,
    versions.preferred_channel as declared_channel,
    channels.used_channel,
    coalesce(versions.preferred_channel, channels.used_channel) as preferred_channel,
    sales.purchase_channel,
    sales.discount_share,
    sales.discounted_sale_share,
    -- A pair of which one side is unknown is no comparison.
    case
        when tastes.recent_top_category <> tastes.previous_top_category or tastes.recent_top_lob <> tastes.previous_top_lob
            then true
        when tastes.recent_top_category = tastes.previous_top_category or tastes.recent_top_lob = tastes.previous_top_lob
            then false
    end as has_changed_habits

from {{ ref('int_customer_reviews') }} as reviews
left join tastes
    on reviews.as_of_date = tastes.as_of_date and reviews.customer_key = tastes.customer_key
left join {{ ref('int_customers_sales_summed') }} as sales
    on reviews.as_of_date = sales.as_of_date and reviews.customer_key = sales.customer_key
left join {{ ref('int_customers_used_channels') }} as channels
    on reviews.as_of_date = channels.as_of_date and reviews.customer_key = channels.customer_key
left join {{ ref('int_customers_versioned') }} as versions
    on
        reviews.customer_key = versions.customer_key
        and versions.seen_from <= reviews.as_of_date
        and (versions.seen_until is null or reviews.as_of_date < versions.seen_until)

where reviews.is_scoreable
