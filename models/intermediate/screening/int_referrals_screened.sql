-- One row per landed referral line: its fate (accepted, rejected or duplicate) with the rule.

with

referrals as (

    select
        stg_referrals.*,
        clock.as_of_date,
        {{ business_date('stg_referrals.referred_at') }} as event_date,
        referrers.customer_key as referrer_key,
        referees.customer_key as referee_key,
        repeats.verdict as repeat_verdict

    from {{ ref('stg_raw__referrals') }} as stg_referrals
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_customers_keyed') }} as referrers
        on stg_referrals.referrer_customer_id = referrers.customer_id
    left join {{ ref('int_customers_keyed') }} as referees
        on stg_referrals.referee_customer_id = referees.customer_id
    left join {{ ref('int_referrals_repeated') }} as repeats
        on stg_referrals._file = repeats._file and stg_referrals._line = repeats._line

),

judged as (

    select
        referrals.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'referral_id_missing': 'referral_id is null',
            'referrer_missing': 'referrer_customer_id is null',
            'referral_undated': 'coalesce(referred_at, recorded_at) is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'orphan_referrer': 'referrer_key is null',
        }) }} as rejected_by

    from referrals

)

select
    _file,
    _line,
    source_system,
    referral_id,
    referrer_key,
    referee_key,
    lob,
    project_id,
    status,
    coalesce(referred_at, recorded_at) as referred_at,
    {{ business_date('coalesce(referred_at, recorded_at)') }} as referral_date,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'value_unreadable': any_unreadable(['lob', 'status', 'referred_at', 'recorded_at']),
    }) }} as noted_rules

from judged
