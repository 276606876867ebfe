-- One row per knowledge date and customer who has subscribed: by a contract that is not signed yet, or by an interaction of late.

with

contracts as (

    select distinct
        dates.as_of_date,
        contracts.customer_key

    from {{ ref('int_contracts_versioned') }} as contracts
    inner join {{ ref('int_knowledge_dates') }} as dates
        on
            contracts.seen_from <= dates.as_of_date
            and (contracts.seen_until is null or dates.as_of_date < contracts.seen_until)

    where contracts.status = 'subscribed'

),

declared as (

    select
        scores.as_of_date,
        scores.customer_key

    from {{ ref('int_intent_scores') }} as scores
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on
            scores.as_of_date = policy.as_of_date
            and scores.last_subscribed_date > {{ add_days('policy.as_of_date', '-policy.firm_days') }}
    -- Bought on that day or later: the subscription is done with.
    left join {{ ref('int_occasions') }} as occasions
        on
            scores.customer_key = occasions.customer_key
            and occasions.lob = 'property_sale'
            and scores.last_subscribed_date <= occasions.occasion_date
            and occasions.seen_from <= scores.as_of_date
            and (occasions.seen_until is null or scores.as_of_date < occasions.seen_until)

    where occasions.customer_key is null

),

subscriptions as (

    select as_of_date, customer_key, true as has_contract from contracts

    union all

    select as_of_date, customer_key, false as has_contract from declared

)

select
    as_of_date,
    customer_key,
    bool_or(has_contract) as has_contract

from subscriptions

group by as_of_date, customer_key
