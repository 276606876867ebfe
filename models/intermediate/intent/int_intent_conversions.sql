-- One row per review date and level with leads at the start of its backtest: how many, and how many of them bought in the days after it.

with

leads as (

    select
        levels.as_of_date as lead_date,
        starts.backtest_until as as_of_date,
        levels.customer_key,
        levels.intent_level

    from {{ ref('int_intent_levels') }} as levels
    inner join {{ ref('int_knowledge_dates') }} as starts
        on levels.as_of_date = starts.as_of_date and starts.backtest_until is not null

    where levels.intent_level like 'B%' or levels.intent_level like 'C%'

)

select
    leads.as_of_date,
    leads.intent_level,
    count(distinct leads.customer_key) as lead_count,
    count(distinct occasions.customer_key) as converted_count

from leads
inner join {{ ref('int_intent_policy_in_force') }} as policy
    on leads.as_of_date = policy.as_of_date
left join {{ ref('int_occasions') }} as occasions
    on
        leads.customer_key = occasions.customer_key
        and leads.lead_date < occasions.occasion_date
        and {{ add_days('leads.lead_date', 'policy.conversion_days') }} >= occasions.occasion_date
        and leads.as_of_date >= occasions.seen_from
        and (occasions.seen_until is null or leads.as_of_date < occasions.seen_until)

group by leads.as_of_date, leads.intent_level
