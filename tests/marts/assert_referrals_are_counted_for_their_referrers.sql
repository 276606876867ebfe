-- What customer_loyalty counts for a referrer are the rows of referrals.

with

counted as (

    select
        referrer_customer_id as customer_id,
        count(*) as referral_count,
        sum(case when referral_verdict = 'valid' then 1 else 0 end) as valid_referral_count,
        sum(case when is_converted then 1 else 0 end) as converted_referral_count

    from {{ ref('referrals') }}

    group by referrer_customer_id

)

select
    loyalty.customer_id,
    loyalty.referral_count,
    counted.referral_count as counted_referral_count

from {{ ref('customer_loyalty') }} as loyalty
left join counted
    on loyalty.customer_id = counted.customer_id

where
    loyalty.referral_count <> coalesce(counted.referral_count, 0)
    or loyalty.valid_referral_count <> coalesce(counted.valid_referral_count, 0)
    or loyalty.converted_referral_count <> coalesce(counted.converted_referral_count, 0)
