-- One row per review date and graded customer: class and score of satisfaction, what they rest on, and what came of asking.

with

facts as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        reviews.customer_id,
        policy.looks_back_to,
        policy.satisfied_from,
        policy.neutral_from,
        policy.min_weight,
        policy.capped_score,
        measured.sat_index,
        measured.sat_mean_norm,
        measured.answer_weight,
        measured.service_rating,
        measured.product_rating,
        measured.brand_awareness,
        coalesce(measured.answer_count, 0) as answer_count,
        coalesce(measured.has_recent_negative, false) as has_recent_negative,
        coalesce(contacted.contact_count, 0) as contact_count,
        coalesce(contacted.callback_count, 0) as callback_count,
        coalesce(contacted.callback_answered_count, 0) as callback_answered_count,
        coalesce(contacted.issue_count, 0) >= policy.contact_issue_count as has_contact_issue,
        contacted.last_contact_status,
        contacted.last_callback_outcome,
        attitudes.is_attitudinally_loyal,
        tenure.owner_tenure_band,
        surveyed.last_answer_date,
        surveyed.last_asked_date

    from {{ ref('int_customer_reviews') }} as reviews
    inner join {{ ref('int_satisfaction_policy_in_force') }} as policy
        on reviews.as_of_date = policy.as_of_date
    left join {{ ref('int_customers_answers_measured') }} as measured
        on reviews.as_of_date = measured.as_of_date and reviews.customer_key = measured.customer_key
    left join {{ ref('int_customers_contacted') }} as contacted
        on reviews.as_of_date = contacted.as_of_date and reviews.customer_key = contacted.customer_key
    left join {{ ref('int_customers_attitudes') }} as attitudes
        on reviews.as_of_date = attitudes.as_of_date and reviews.customer_key = attitudes.customer_key
    left join {{ ref('int_customers_owner_tenure') }} as tenure
        on reviews.as_of_date = tenure.as_of_date and reviews.customer_key = tenure.customer_key
    left join {{ ref('int_customers_surveyed') }} as surveyed
        on reviews.as_of_date = surveyed.as_of_date and reviews.customer_key = surveyed.customer_key

    where reviews.is_scoreable

),

classed as (

    select
        facts.*,
        case
            when facts.sat_index >= facts.satisfied_from then 'satisfied'
            when facts.sat_index >= facts.neutral_from then 'neutral'
            when facts.sat_index is not null then 'dissatisfied'
        end as index_class

    from facts

)

select
    as_of_date,
    customer_key,
    customer_id,
    case when index_class = 'satisfied' and has_recent_negative then 'neutral' else index_class end as sat_class,
    case
        when sat_index is null then null
        when answer_weight < min_weight then 'stale'
        else 'firm'
    end as sat_confidence,
    case
        when index_class = 'satisfied' and has_recent_negative then 'recent_negative'
        when index_class is not null then 'index'
    end as sat_reason,
    case
        when last_answer_date > looks_back_to then 'answered'
        when last_contact_status <> 'answered' then last_contact_status
        when last_answer_date is not null then 'expired'
        else 'not_surveyed'
    end as response_status,
    last_callback_outcome,
    owner_tenure_band,
    sat_index,
    sat_mean_norm,
    answer_weight,
    case
        when answer_weight >= min_weight and has_recent_negative then least(sat_index, capped_score)
        when answer_weight >= min_weight then sat_index
    end as sat_score,
    service_rating,
    product_rating,
    brand_awareness,
    answer_count,
    contact_count,
    callback_count,
    callback_answered_count,
    has_recent_negative,
    has_contact_issue,
    is_attitudinally_loyal,
    last_answer_date,
    last_asked_date

from classed
