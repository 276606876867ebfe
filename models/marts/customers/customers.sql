-- One row per delivered customer, graded or not: profile without direct identifiers, what is on record, and why not graded.

with

ages as (

    select
        profiles.*,
        clock.as_of_date,
        {{ whole_years_between('profiles.birth_date', 'clock.as_of_date') }} as age_years

    from {{ ref('int_customers_profiled') }} as profiles
    cross join {{ ref('int_as_of_date') }} as clock

)

select
    keys.customer_id,
    coalesce(ages.customer_type, 'person') as customer_type,
    coalesce(ages.status, 'active') as status,
    case
        when reviews.customer_key is null then 'recorded_after_review'
        else reviews.exclusion_reason
    end as exclusion_reason,
    coalesce(ages.gender, 'unknown') as gender,
    case
        when ages.age_years is null then 'unknown'
        when ages.age_years < 18 then 'under 18'
        when ages.age_years < 30 then '18-29'
        when ages.age_years < 45 then '30-44'
        when ages.age_years < 60 then '45-59'
        else '60 and over'
    end as age_band,
    ages.occupation,
    coalesce(ages.income_band, 'unknown') as income_band,
    coalesce(ages.family_status, 'unknown') as family_status,
    ages.city,
    ages.district,
    ages.address_area_band,
    ages.account_manager_id,
    ages.preferred_language,
    ages.preferred_channel,
    cast(coalesce(activity.occasion_count, 0) as bigint) as occasion_count,
    cast(coalesce(activity.interaction_count, 0) as bigint) as interaction_count,
    cast(coalesce(activity.complaint_count, 0) as bigint) as complaint_count,
    cast(coalesce(activity.survey_answer_count, 0) as bigint) as survey_answer_count,
    coalesce(reviews.is_scoreable, false) as is_scoreable,
    ages.member_since is not null as is_member,
    coalesce(ages.has_profiling_consent, true) as has_profiling_consent,
    coalesce(ages.has_marketing_consent, false) as has_marketing_consent,
    ages.member_since,
    activity.first_purchase_date,
    activity.last_purchase_date,
    activity.last_interaction_date,
    ages.created_at

from {{ ref('int_customers_keyed') }} as keys
inner join {{ ref('int_review_dates') }} as review_dates
    on review_dates.is_current
left join {{ ref('int_customer_reviews') }} as reviews
    on keys.customer_key = reviews.customer_key and review_dates.as_of_date = reviews.as_of_date
left join ages
    on keys.customer_key = ages.customer_key
left join {{ ref('int_customers_activity') }} as activity
    on keys.customer_key = activity.customer_key
