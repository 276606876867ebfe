-- One row per knowledge date and graded customer with something to grade intent on: score, level and the rule that gave it.

with

kinds as (

    select as_of_date, customer_key, 'subscription' as kind, has_contract as is_firm from {{ ref('int_intent_subscriptions') }}

    union all

    select as_of_date, customer_key, 'deposit' as kind, true as is_firm from {{ ref('int_intent_deposits') }}

),

commitments as (

    select
        as_of_date,
        customer_key,
        bool_or(kind = 'subscription') as has_subscription,
        bool_or(kind = 'deposit') as has_deposit,
        bool_or(is_firm) as is_firm

    from kinds

    group by as_of_date, customer_key

),

considered as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        coalesce(commitments.has_subscription, false) as has_subscription,
        coalesce(commitments.has_deposit, false) as has_deposit,
        coalesce(scores.last_declined_date >= coalesce(scores.last_interest_date, scores.last_declined_date), false) as has_declined,
        coalesce(scores.last_shortlisted_date > {{ add_days('policy.as_of_date', '-policy.firm_days') }}, false) as has_shortlisted,
        -- A contract or a deposit is something to go on, also where nothing else was ever recorded.
        cast(
            case when scores.has_weight or commitments.is_firm then coalesce(scores.intent_points, 0) end as decimal(9, 4)
        ) as intent_score,
        policy.plus_from,
        policy.zero_from,
        policy.contact_from

    from {{ ref('int_customers_judged') }} as reviews
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on reviews.as_of_date = policy.as_of_date
    left join {{ ref('int_intent_scores') }} as scores
        on reviews.as_of_date = scores.as_of_date and reviews.customer_key = scores.customer_key
    left join commitments
        on reviews.as_of_date = commitments.as_of_date and reviews.customer_key = commitments.customer_key

    where reviews.is_scoreable and (scores.customer_key is not null or commitments.customer_key is not null)

),

reasoned as (

    select
        considered.*,
        case
            when has_subscription then 'subscription'
            when has_deposit then 'deposit'
            when has_declined then 'declined'
            when has_shortlisted then 'unit_locked'
            when intent_score >= contact_from then 'contact'
            when intent_score is not null then 'too_little'
            else 'nothing'
        end as intent_reason,
        case when intent_score >= plus_from then '+' when intent_score >= zero_from then '' else '-' end as sign

    from considered

)

select
    as_of_date,
    customer_key,
    case intent_reason
        when 'subscription' then 'A'
        when 'deposit' then 'A'
        when 'declined' then 'D'
        when 'unit_locked' then 'B' || sign
        when 'contact' then 'C' || sign
    end as intent_level,
    intent_reason,
    intent_score

from reasoned
