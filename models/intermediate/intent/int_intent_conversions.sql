-- One row per review date and level with leads of earlier reviews that had their time: how many, and how many of them bought.

with

leads as (

    select
        as_of_date,
        customer_key,
        intent_level

    from {{ ref('int_intent_levels') }}

    where intent_level like 'B%' or intent_level like 'C%'

),

outcomes as (

    select
        policy.as_of_date,
        leads.as_of_date as lead_date,
        leads.intent_level,
        count(distinct leads.customer_key) as lead_count,
        count(distinct occasions.customer_key) as converted_count

    from leads
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on {{ add_days('leads.as_of_date', 'policy.conversion_days') }} <= policy.as_of_date
    left join {{ ref('int_occasions') }} as occasions
        on
            leads.customer_key = occasions.customer_key
            and leads.as_of_date < occasions.occasion_date
            and {{ add_days('leads.as_of_date', 'policy.conversion_days') }} >= occasions.occasion_date
            and policy.as_of_date >= occasions.seen_from
            and (occasions.seen_until is null or policy.as_of_date < occasions.seen_until)

    group by policy.as_of_date, leads.as_of_date, leads.intent_level

)

select
    as_of_date,
    intent_level,
    sum(lead_count) as lead_count,
    sum(converted_count) as converted_count

from outcomes

group by as_of_date, intent_level
