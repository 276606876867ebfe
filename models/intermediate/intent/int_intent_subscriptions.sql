-- One row per knowledge date and customer who has subscribed of late: by a contract that is not signed yet, or by an interaction.

with

subscriptions as (

    select
        policy.as_of_date,
        contracts.customer_key,
        contracts.agreed_on as subscribed_date,
        true as has_contract

    from {{ ref('int_contracts_versioned') }} as contracts
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on
            contracts.seen_from <= policy.as_of_date
            and (contracts.seen_until is null or policy.as_of_date < contracts.seen_until)
            and contracts.agreed_on <= policy.as_of_date
            and contracts.agreed_on > {{ add_days('policy.as_of_date', '-policy.max_age_days') }}

    where contracts.status = 'subscribed'

    union all

    select
        policy.as_of_date,
        scores.customer_key,
        scores.last_subscribed_date as subscribed_date,
        false as has_contract

    from {{ ref('int_intent_scores') }} as scores
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on
            scores.as_of_date = policy.as_of_date
            and scores.last_subscribed_date > {{ add_days('policy.as_of_date', '-policy.firm_days') }}

),

-- Bought on that day or later: the subscription is done with.
standing as (

    select subscriptions.*

    from subscriptions
    left join {{ ref('int_occasions') }} as occasions
        on
            subscriptions.customer_key = occasions.customer_key
            and occasions.lob = 'property_sale'
            and subscriptions.subscribed_date <= occasions.occasion_date
            and occasions.seen_from <= subscriptions.as_of_date
            and (occasions.seen_until is null or subscriptions.as_of_date < occasions.seen_until)

    where occasions.customer_key is null

)

select
    as_of_date,
    customer_key,
    bool_or(has_contract) as has_contract

from standing

group by as_of_date, customer_key
