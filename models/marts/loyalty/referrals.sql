-- One row per accepted referral known at the as-of date: does it count, and did it bring a customer?

select
    judged.as_of_date,
    judged.referral_id,
    judged.source_system,
    referrers.customer_id as referrer_customer_id,
    referees.customer_id as referee_customer_id,
    referrals.lob,
    referrals.project_id,
    referrals.status as referral_status,
    judged.referral_verdict,
    judged.is_converted,
    judged.referral_date,
    judged.converted_date

from {{ ref('int_referrals_judged') }} as judged
inner join {{ ref('review_dates') }} as review_dates
    on judged.as_of_date = review_dates.as_of_date and review_dates.is_current
inner join {{ ref('int_referrals_seen') }} as referrals
    on
        judged.source_system = referrals.source_system
        and judged.referral_id = referrals.referral_id
        and judged.version_number = referrals.version_number
inner join {{ ref('int_customers_keyed') }} as referrers
    on judged.referrer_key = referrers.customer_key
left join {{ ref('int_customers_keyed') }} as referees
    on judged.referee_key = referees.customer_key
