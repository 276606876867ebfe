-- One row per review date and graded customer: how loyal, by repeat purchases, tenure, referrals and attitude.

select
    loyalty.as_of_date,
    reviews.customer_id,
    loyalty.loyalty_level,
    loyalty.repeat_line,
    loyalty.loyalty_score,
    loyalty.repeat_part,
    loyalty.tenure_part,
    loyalty.referral_part,
    loyalty.attitude_part,
    cast(loyalty.occasion_count as bigint) as occasion_count,
    cast(loyalty.tenure_days as integer) as tenure_days,
    cast(loyalty.referral_count as bigint) as referral_count,
    cast(loyalty.valid_referral_count as bigint) as valid_referral_count,
    cast(loyalty.converted_referral_count as bigint) as converted_referral_count

from {{ ref('int_customers_loyalty') }} as loyalty
inner join {{ ref('int_customer_reviews') }} as reviews
    on loyalty.as_of_date = reviews.as_of_date and loyalty.customer_key = reviews.customer_key and reviews.is_scoreable

where {{ is_shown('loyalty.as_of_date') }}
