-- One row per review date and customer who named a time to buy that is not over: its last day.
{% set months = "cast(replace(lower(seen.interaction_value), 'horizon_months ', '') as integer)" %}

with

declared as (

    select
        seen.customer_key,
        seen.interaction_id,
        seen.event_at,
        seen.event_date,
        seen.seen_from,
        case
            when {{ matches('lower(seen.interaction_value)', horizon_pattern()) }}
                then {{ add_months('seen.event_date', months) }}
        end as horizon_date

    from {{ ref('int_interactions_seen') }} as seen

    where seen.interaction_value is not null

),

ranked as (

    select
        policy.as_of_date,
        declared.customer_key,
        declared.horizon_date,
        row_number() over (
            partition by policy.as_of_date, declared.customer_key
            order by declared.event_at desc, declared.interaction_id desc, declared.horizon_date
        ) as place

    from declared
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on
            declared.seen_from <= policy.as_of_date
            and declared.event_date > {{ add_days('policy.as_of_date', '-policy.max_age_days') }}
            and declared.horizon_date >= policy.as_of_date
    left join {{ ref('int_interaction_bot_days') }} as bot_days
        on
            policy.as_of_date = bot_days.as_of_date
            and declared.customer_key = bot_days.customer_key
            and declared.event_date = bot_days.event_date

    where bot_days.customer_key is null

)

select
    as_of_date,
    customer_key,
    horizon_date

from ranked

where place = 1
