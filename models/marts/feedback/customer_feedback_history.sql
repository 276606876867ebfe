-- One row per review date and graded customer: what complaints, suggestions and praise add up to, and how they were handled.

select
    reviews.as_of_date,
    reviews.customer_id,
    feedback.fb_grade,
    coalesce(feedback.fb_reason, 'no_feedback') as fb_reason,
    feedback.fb_index,
    cast(feedback.fb_score as decimal(9, 4)) as fb_score,
    {%- for counted in [
        'complaint_count', 'suggestion_count', 'adopted_count', 'praise_count', 'open_complaint_count', 'open_critical_count',
        'reopened_complaint_count', 'repeat_complaint_count', 'sla_missed_count', 'complaints_90d', 'complaints_12m'
    ] %}
    cast(coalesce(feedback.{{ counted }}, 0) as bigint) as {{ counted }},
    {%- endfor %}
    cast(coalesce(bills.sales_12m, 0) as bigint) as sales_12m,
    {{ ratio('100 * coalesce(feedback.complaints_12m, 0)', 'bills.sales_12m', 2, decimals=0) }} as complaints_per_100_bills,
    {{ ratio('feedback.done_hours', 'feedback.done_complaint_count', 2, decimals=2) }} as mean_resolution_hours,
    {{ ratio('feedback.complaint_count - feedback.sla_missed_count', 'feedback.complaint_count', 4, decimals=0) }} as sla_met_share,
    feedback.last_feedback_date

from {{ ref('int_customer_reviews') }} as reviews
left join {{ ref('int_customers_feedback_graded') }} as feedback
    on reviews.as_of_date = feedback.as_of_date and reviews.customer_key = feedback.customer_key
left join {{ ref('int_customers_bills_counted') }} as bills
    on reviews.as_of_date = bills.as_of_date and reviews.customer_key = bills.customer_key

where reviews.is_scoreable and {{ is_shown('reviews.as_of_date') }}
