-- One row per customer with any activity known at the as-of date: what the 360 view counts.

with

clock as (

    select as_of_date from {{ ref('int_as_of_date') }}

),

reviews as (

    select as_of_date from {{ ref('int_review_dates') }} where is_current

),

activities as (

    select
        occasions.customer_key,
        1 as occasion_count,
        0 as interaction_count,
        0 as complaint_count,
        0 as survey_answer_count,
        occasions.occasion_date,
        cast(null as date) as interaction_date

    from {{ ref('int_occasions') }} as occasions
    inner join reviews
        on
            occasions.seen_from <= reviews.as_of_date
            and (occasions.seen_until is null or reviews.as_of_date < occasions.seen_until)

    union all

    select
        interactions.customer_key,
        0 as occasion_count,
        1 as interaction_count,
        0 as complaint_count,
        0 as survey_answer_count,
        cast(null as date) as occasion_date,
        interactions.event_date as interaction_date

    from {{ ref('int_interactions_screened') }} as interactions
    cross join clock

    where interactions.fate = 'accepted' and interactions.customer_key is not null and interactions.event_date <= clock.as_of_date

    union all

    select
        complaints.customer_key,
        0 as occasion_count,
        0 as interaction_count,
        -- Each once, in however many versions it was delivered.
        count(distinct complaints.source_system || chr(31) || complaints.complaint_id) as complaint_count,
        0 as survey_answer_count,
        cast(null as date) as occasion_date,
        cast(null as date) as interaction_date

    from {{ ref('int_complaints_screened') }} as complaints
    cross join clock

    where
        complaints.fate = 'accepted'
        and complaints.feedback_type = 'complaint'
        and {{ business_date('complaints.created_at') }} <= clock.as_of_date

    group by complaints.customer_key

    union all

    select
        surveys.customer_key,
        0 as occasion_count,
        0 as interaction_count,
        0 as complaint_count,
        count(distinct surveys.source_system || chr(31) || surveys.response_id) as survey_answer_count,
        cast(null as date) as occasion_date,
        cast(null as date) as interaction_date

    from {{ ref('int_surveys_screened') }} as surveys
    cross join clock

    where
        surveys.fate = 'accepted'
        and surveys.score is not null
        and {{ business_date('surveys.responded_at') }} <= clock.as_of_date

    group by surveys.customer_key

)

select
    customer_key,
    sum(occasion_count) as occasion_count,
    sum(interaction_count) as interaction_count,
    sum(complaint_count) as complaint_count,
    sum(survey_answer_count) as survey_answer_count,
    min(occasion_date) as first_purchase_date,
    max(occasion_date) as last_purchase_date,
    max(interaction_date) as last_interaction_date

from activities

group by customer_key
