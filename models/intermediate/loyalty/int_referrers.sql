-- One row per review date and customer who referred somebody: how many, how many of them count, and how many became customers.

select
    as_of_date,
    referrer_key as customer_key,
    count(*) as referral_count,
    sum(case when referral_verdict = 'valid' then 1 else 0 end) as valid_referral_count,
    sum(case when is_converted then 1 else 0 end) as converted_referral_count

from {{ ref('int_referrals_judged') }}

group by as_of_date, referrer_key
