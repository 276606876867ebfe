-- One row per accepted referral, with the review that first knew it.

with

referrals as (

    select
        screened.*,
        coalesce({{ business_date('screened.recorded_at') }}, screened.referral_date) as recorded_on

    from {{ ref('int_referrals_screened') }} as screened

    where
        screened.fate = 'accepted'
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.referred_at)') }}, false)

)

select
    referrals.source_system,
    referrals.referral_id,
    referrals.referrer_key,
    referrals.referee_key,
    referrals.lob,
    referrals.project_id,
    referrals.status,
    referrals.referral_date,
    calendar.first_knowledge_date as seen_from,
    referrals.referred_at

from referrals
inner join {{ ref('int_calendar') }} as calendar
    on greatest(referrals.referral_date, referrals.recorded_on) = calendar.calendar_date
