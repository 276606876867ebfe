-- One row per review date and graded customer: the parts of loyalty, each 0-1, null where there is nothing to go on.

with

reviews_with_referrals as (

    select distinct as_of_date

    from {{ ref('int_referrals_judged') }}

)

select
    reviews.as_of_date,
    reviews.customer_key,
    repeated.repeat_line,
    repeated.repeat_part,
    cast(
        case
            when repeated.customer_key is null then null
            when lifecycle.lifecycle_stage in ('churned', 'dormant') then 0
            else least(
                1,
                {{ ratio(days_between('repeated.first_occasion_date', 'reviews.as_of_date'), 'policy.tenure_full_days', 6, decimals=0) }}
            )
        end as decimal(9, 6)
    ) as tenure_part,
    cast(
        case
            when known.as_of_date is not null
                then least(1, {{ ratio('coalesce(referrers.converted_referral_count, 0)', 'policy.full_referrals', 6, decimals=0) }})
        end as decimal(9, 6)
    ) as referral_part,
    cast(
        case
            when satisfaction.sat_class is null then null
            when satisfaction.is_attitudinally_loyal then 1
            when satisfaction.sat_class = 'satisfied' then policy.satisfied_attitude
            when satisfaction.sat_class = 'neutral' then policy.neutral_attitude
            else 0
        end as decimal(9, 6)
    ) as attitude_part,
    coalesce(repeated.occasion_count, 0) as occasion_count,
    {{ days_between('repeated.first_occasion_date', 'reviews.as_of_date') }} as tenure_days,
    coalesce(referrers.referral_count, 0) as referral_count,
    coalesce(referrers.valid_referral_count, 0) as valid_referral_count,
    coalesce(referrers.converted_referral_count, 0) as converted_referral_count

from {{ ref('int_customer_reviews') }} as reviews
inner join {{ ref('policy_loyalty') }} as policy
    on {{ in_force('policy', 'reviews.as_of_date') }}
left join {{ ref('int_customers_repeated') }} as repeated
    on reviews.as_of_date = repeated.as_of_date and reviews.customer_key = repeated.customer_key
left join {{ ref('int_customers_lifecycle') }} as lifecycle
    on reviews.as_of_date = lifecycle.as_of_date and reviews.customer_key = lifecycle.customer_key
left join {{ ref('int_customers_satisfaction') }} as satisfaction
    on reviews.as_of_date = satisfaction.as_of_date and reviews.customer_key = satisfaction.customer_key
left join {{ ref('int_referrers') }} as referrers
    on reviews.as_of_date = referrers.as_of_date and reviews.customer_key = referrers.customer_key
left join reviews_with_referrals as known
    on reviews.as_of_date = known.as_of_date

where reviews.is_scoreable
