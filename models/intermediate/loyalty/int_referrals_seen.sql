-- One row per accepted version of a referral, with the reviews that see it as the last one (from seen_from until before seen_until).

with

referrals as (

    select
        screened.*,
        coalesce({{ business_date('screened.recorded_at') }}, screened.referral_date) as recorded_on

    from {{ ref('int_referrals_screened') }} as screened

    where
        screened.fate = 'accepted'
        and not coalesce({{ is_hidden_by_cutoff('coalesce(screened.recorded_at, screened.referred_at)') }}, false)

),

seen as (

    select
        referrals.*,
        calendar.first_knowledge_date as seen_from

    from referrals
    inner join {{ ref('int_calendar') }} as calendar
        on greatest(referrals.referral_date, referrals.recorded_on) = calendar.calendar_date

)

select
    source_system,
    referral_id,
    row_number() over (partition by source_system, referral_id order by recorded_at nulls first) as version_number,
    referrer_key,
    referee_key,
    lob,
    project_id,
    status,
    referral_date,
    seen_from,
    {{ replaced_from(['source_system', 'referral_id']) }} as seen_until,
    referred_at

from seen
