-- One row per review date and graded customer with feedback that counts: points added up, complaints and the rest counted.

select
    cases.as_of_date,
    cases.customer_key,
    -- Null where all of it is too long ago: what is left of that says nothing any more.
    cast(
        sum(case
            when
                (cases.feedback_type = 'complaint' and cases.is_open)
                or {{ days_between('cases.created_date', 'cases.as_of_date') }} < policy.max_age_days
                then cases.points_left
        end) as decimal(18, 4)
    ) as fb_index,
    sum(case when cases.feedback_type = 'complaint' then 1 else 0 end) as complaint_count,
    sum(case when cases.feedback_type = 'suggestion' then 1 else 0 end) as suggestion_count,
    sum(case when cases.is_adopted then 1 else 0 end) as adopted_count,
    sum(case when cases.feedback_type = 'praise' then 1 else 0 end) as praise_count,
    sum(case when cases.feedback_type = 'complaint' and cases.is_open then 1 else 0 end) as open_complaint_count,
    sum(case when cases.is_open and cases.severity = 'critical' then 1 else 0 end) as open_critical_count,
    sum(case when cases.feedback_type = 'complaint' and cases.reopened_count > 0 then 1 else 0 end) as reopened_complaint_count,
    sum(case when cases.is_repeat then 1 else 0 end) as repeat_complaint_count,
    sum(case when cases.is_sla_missed then 1 else 0 end) as sla_missed_count,
    sum(case when cases.feedback_type = 'complaint' and not cases.is_open then 1 else 0 end) as done_complaint_count,
    sum(case when cases.feedback_type = 'complaint' and not cases.is_open then cases.resolution_hours else 0 end) as done_hours,
    sum(case
        when cases.feedback_type = 'complaint' and {{ days_between('cases.created_date', 'cases.as_of_date') }} < policy.recent_days
            then 1
        else 0
    end) as recent_complaints,
    sum(case
        when cases.feedback_type = 'complaint' and {{ days_between('cases.created_date', 'cases.as_of_date') }} < 90 then 1
        else 0
    end) as complaints_90d,
    sum(case
        when cases.feedback_type = 'complaint' and {{ days_between('cases.created_date', 'cases.as_of_date') }} < 365 then 1
        else 0
    end) as complaints_12m,
    max(cases.created_date) as last_feedback_date

from {{ ref('int_feedback_points') }} as cases
inner join {{ ref('int_feedback_policy_in_force') }} as policy
    on cases.as_of_date = policy.as_of_date
inner join {{ ref('int_customer_reviews') }} as reviews
    on cases.as_of_date = reviews.as_of_date and cases.customer_key = reviews.customer_key and reviews.is_scoreable

where cases.is_counted

group by cases.as_of_date, cases.customer_key
