-- One row per review date and referral known by then: does it count, and did it bring a customer?

with

verdicts as (

    select
        referrals.*,
        case
            when referrals.early_verdict is not null then referrals.early_verdict
            when referrals.standing_rank > 1 then 'referred_before'
            when circles.age_rank is not null then 'cycle'
            else 'valid'
        end as referral_verdict

    from {{ ref('int_referrals_ordered') }} as referrals
    left join {{ ref('int_referrals_circled') }} as circles
        on referrals.as_of_date = circles.as_of_date and referrals.age_rank = circles.age_rank

),

converted as (

    select
        verdicts.*,
        -- A valid referral has no purchase before it.
        coalesce(
            verdicts.referral_verdict = 'valid'
            and verdicts.is_first_firm
            and verdicts.first_occasion_date <= {{ add_days('verdicts.referral_date', 'policy.conversion_days') }},
            false
        ) as is_converted

    from verdicts
    inner join {{ ref('policy_loyalty') }} as policy
        on {{ in_force('policy', 'verdicts.as_of_date') }}

)

select
    as_of_date,
    referral_id,
    source_system,
    version_number,
    referrer_key,
    referee_key,
    referral_verdict,
    is_converted,
    referral_date,
    case when is_converted then first_occasion_date end as converted_date

from converted
