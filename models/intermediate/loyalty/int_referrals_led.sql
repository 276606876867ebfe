-- One row per review date and version of a referral whose referee was a lead already: in touch with the sales office shortly before it.

with

-- The types and the window of all reviews together keep the join small; each review then applies its own.
lead_types as (

    select distinct event_type

    from {{ ref('int_interaction_events_in_force') }}

    where is_lead

),

longest as (

    select max(policy.lead_days) as lead_days

    from {{ ref('int_review_dates') }} as review_dates
    inner join {{ ref('policy_loyalty') }} as policy
        on {{ in_force('policy', 'review_dates.as_of_date') }}

),

touches as (

    select
        referrals.source_system,
        referrals.referral_id,
        referrals.version_number,
        referrals.referee_key,
        referrals.referral_date,
        days.event_type,
        days.event_date,
        min(greatest(referrals.seen_from, days.seen_from)) as seen_from

    from {{ ref('int_referrals_seen') }} as referrals
    inner join longest
        on longest.lead_days > 0
    inner join {{ ref('int_interaction_days') }} as days
        on
            referrals.referee_key = days.customer_key
            and referrals.referral_date > days.event_date
            and {{ add_days('referrals.referral_date', '-longest.lead_days') }} <= days.event_date
    inner join lead_types
        on days.event_type = lead_types.event_type

    group by
        referrals.source_system,
        referrals.referral_id,
        referrals.version_number,
        referrals.referee_key,
        referrals.referral_date,
        days.event_type,
        days.event_date

)

select distinct
    review_dates.as_of_date,
    touches.source_system,
    touches.referral_id,
    touches.version_number

from touches
inner join {{ ref('int_review_dates') }} as review_dates
    on touches.seen_from <= review_dates.as_of_date
inner join {{ ref('policy_loyalty') }} as policy
    on
        {{ in_force('policy', 'review_dates.as_of_date') }}
        and touches.event_date >= {{ add_days('touches.referral_date', '-policy.lead_days') }}
inner join {{ ref('int_interaction_events_in_force') }} as events
    on
        review_dates.as_of_date = events.as_of_date
        and touches.event_type = events.event_type
        and events.is_lead
left join {{ ref('int_interaction_bot_days') }} as bot_days
    on
        review_dates.as_of_date = bot_days.as_of_date
        and touches.referee_key = bot_days.customer_key
        and touches.event_date = bot_days.event_date

where bot_days.customer_key is null
