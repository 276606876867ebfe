-- One row per review date and first referral that closes a circle: its referee had, through others, brought its referrer.
{% set longest_chain = 10 %}

with recursive

first_referrals as (

    select
        as_of_date,
        referrer_key,
        referee_key,
        age_rank

    from {{ ref('int_referrals_ordered') }}

    where standing_rank = 1

),

-- A customer has one first referral, so that each step up is one row.
chains as (

    select
        referrals.as_of_date,
        referrals.age_rank,
        referrals.referee_key,
        older.referrer_key as met_key,
        1 as link_count

    from first_referrals as referrals
    inner join first_referrals as older
        on
            referrals.as_of_date = older.as_of_date
            and referrals.referrer_key = older.referee_key
            and older.age_rank < referrals.age_rank

    union all

    select
        chains.as_of_date,
        chains.age_rank,
        chains.referee_key,
        older.referrer_key as met_key,
        chains.link_count + 1 as link_count

    from chains
    inner join first_referrals as older
        on
            chains.as_of_date = older.as_of_date
            and chains.met_key = older.referee_key
            and older.age_rank < chains.age_rank

    where chains.link_count < {{ longest_chain }} and chains.met_key <> chains.referee_key

)

select
    as_of_date,
    age_rank

from chains

where met_key = referee_key
