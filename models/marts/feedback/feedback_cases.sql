-- One row per praise, suggestion or complaint known at the as-of date: its state, and what it weighs.

select
    cases.as_of_date,
    cases.source_system,
    cases.complaint_id,
    keys.customer_id,
    cases.feedback_type,
    {{ shown_category('cases.category') }} as category,
    cases.lob,
    cases.channel,
    cases.incident_id,
    cases.status,
    cases.severity,
    cases.reopened_count,
    cases.resolution_hours,
    cast(case when reviews.is_scoreable then cases.points end as decimal(18, 4)) as points,
    cast(case when reviews.is_scoreable then cases.points_left end as decimal(18, 6)) as points_left,
    cases.is_open,
    cases.is_void,
    cases.is_repeat,
    cases.is_sla_missed,
    cases.is_adopted,
    cases.created_date,
    cases.created_at,
    cases.resolved_at

from {{ ref('int_feedback_points') }} as cases
inner join {{ ref('int_review_dates') }} as review_dates
    on cases.as_of_date = review_dates.as_of_date and review_dates.is_current
inner join {{ ref('int_customers_keyed') }} as keys
    on cases.customer_key = keys.customer_key
left join {{ ref('int_customer_reviews') }} as reviews
    on cases.as_of_date = reviews.as_of_date and cases.customer_key = reviews.customer_key
