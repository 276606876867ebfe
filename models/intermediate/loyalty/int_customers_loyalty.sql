-- One row per review date and graded customer: loyalty as the weighted mean of the parts that are present, and its level.

with

weighted as (

    select
        parts.*,
        policy.high_from,
        policy.medium_from,
        policy.repeat_weight * parts.repeat_part
        + policy.tenure_weight * parts.tenure_part
        + coalesce(policy.referral_weight * parts.referral_part, 0)
        + coalesce(policy.attitude_weight * parts.attitude_part, 0) as weighted_part,
        policy.repeat_weight
        + policy.tenure_weight
        + case when parts.referral_part is null then 0 else policy.referral_weight end
        + case when parts.attitude_part is null then 0 else policy.attitude_weight end as present_weight

    from {{ ref('int_customers_loyalty_parts') }} as parts
    inner join {{ ref('policy_loyalty') }} as policy
        on {{ in_force('policy', 'parts.as_of_date') }}

),

scored as (

    select
        weighted.*,
        -- Who holds no line has no part of repeat purchases and tenure, and so no sum.
        cast({{ ratio('100 * weighted_part', 'present_weight', 4, decimals=10) }} as decimal(9, 4)) as loyalty_score

    from weighted

)

select
    as_of_date,
    customer_key,
    case
        when loyalty_score >= high_from then 'high'
        when loyalty_score >= medium_from then 'medium'
        when loyalty_score is not null then 'low'
    end as loyalty_level,
    repeat_line,
    loyalty_score,
    repeat_part,
    tenure_part,
    referral_part,
    attitude_part,
    occasion_count,
    tenure_days,
    referral_count,
    valid_referral_count,
    converted_referral_count

from scored
