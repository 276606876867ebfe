-- One row per review date and referral whose referee was a lead already: in touch with the sales office shortly before it.

with

touches as (

    select
        referrals.source_system,
        referrals.referral_id,
        referrals.referral_date,
        interactions.event_type,
        interactions.event_date,
        min(greatest(referrals.seen_from, interactions.seen_from)) as seen_from

    from {{ ref('int_referrals_seen') }} as referrals
    inner join {{ ref('int_interactions_seen') }} as interactions
        on
            referrals.referee_key = interactions.customer_key
            and interactions.event_date < referrals.referral_date

    group by
        referrals.source_system,
        referrals.referral_id,
        referrals.referral_date,
        interactions.event_type,
        interactions.event_date

)

select distinct
    review_dates.as_of_date,
    touches.source_system,
    touches.referral_id

from touches
inner join {{ ref('int_review_dates') }} as review_dates
    on touches.seen_from <= review_dates.as_of_date
inner join {{ ref('policy_loyalty') }} as policy
    on
        {{ in_force('policy', 'review_dates.as_of_date') }}
        and touches.event_date >= {{ add_days('touches.referral_date', '-policy.lead_days') }}
inner join {{ ref('policy_interaction_events') }} as events
    on
        touches.event_type = events.event_type
        and events.is_lead
        and {{ in_force('events', 'review_dates.as_of_date') }}
