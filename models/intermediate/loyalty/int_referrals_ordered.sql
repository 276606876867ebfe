-- One row per review date and referral known by then: what speaks against it, and whether it is the first of those that stand.

with

referrals as (

    select
        review_dates.as_of_date,
        referrals.source_system,
        referrals.referral_id,
        referrals.version_number,
        referrals.referrer_key,
        referrals.referee_key,
        case
            when referrals.referee_key is null then 'referee_unknown'
            when referrals.referee_key = referrals.referrer_key then 'self'
            when referrers.customer_key is null then 'referrer_not_graded'
            when referees.first_occasion_date < referrals.referral_date then 'earlier_customer'
            when leads.referral_id is not null then 'earlier_lead'
        end as early_verdict,
        coalesce(referees.is_first_firm, false) as is_first_firm,
        referrals.referral_date,
        referees.first_occasion_date,
        referrals.referred_at

    from {{ ref('int_referrals_seen') }} as referrals
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            referrals.seen_from <= review_dates.as_of_date
            and (referrals.seen_until is null or review_dates.as_of_date < referrals.seen_until)
    left join {{ ref('int_customer_reviews') }} as referrers
        on
            review_dates.as_of_date = referrers.as_of_date
            and referrals.referrer_key = referrers.customer_key
            and referrers.is_scoreable
    left join {{ ref('int_referees_bought') }} as referees
        on review_dates.as_of_date = referees.as_of_date and referrals.referee_key = referees.customer_key
    left join {{ ref('int_referrals_led') }} as leads
        on
            review_dates.as_of_date = leads.as_of_date
            and referrals.source_system = leads.source_system
            and referrals.referral_id = leads.referral_id
            and referrals.version_number = leads.version_number

)

select
    as_of_date,
    source_system,
    referral_id,
    version_number,
    referrer_key,
    referee_key,
    early_verdict,
    case
        when early_verdict is null
            then row_number() over (
                partition by as_of_date, referee_key, early_verdict order by referred_at, referral_id, source_system
            )
    end as standing_rank,
    -- Which of two referrals is older, whoever they are of.
    row_number() over (partition by as_of_date order by referred_at, referral_id, source_system) as age_rank,
    is_first_firm,
    referral_date,
    first_occasion_date

from referrals
