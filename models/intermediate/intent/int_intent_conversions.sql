-- One row per review date and level with leads at the start of its backtest: how many, and how many of them bought in the days after it.

with

leads as (

    select
        starts.backtest_until as as_of_date,
        levels.customer_key,
        levels.intent_level,
        levels.as_of_date as lead_date,
        {{ add_days('levels.as_of_date', 'policy.conversion_days') }} as last_date

    from {{ ref('int_intent_levels') }} as levels
    inner join {{ ref('int_knowledge_dates') }} as starts
        on levels.as_of_date = starts.as_of_date and starts.backtest_until is not null
    inner join {{ ref('int_intent_policy_in_force') }} as policy
        on starts.backtest_until = policy.as_of_date

    where levels.intent_level like 'B%' or levels.intent_level like 'C%'

),

-- Any home converts. Of other lines only the first purchase does: who comes or pays every month would convert without deciding anything.
bought as (

    select
        leads.as_of_date,
        leads.customer_key,
        leads.lead_date,
        case
            when occasions.lob = 'property_sale' then max(occasions.occasion_date) else min(occasions.occasion_date)
        end as decided_date

    from leads
    inner join {{ ref('int_occasions') }} as occasions
        on
            leads.customer_key = occasions.customer_key
            and leads.last_date >= occasions.occasion_date
            and leads.as_of_date >= occasions.seen_from
            and (occasions.seen_until is null or leads.as_of_date < occasions.seen_until)

    group by leads.as_of_date, leads.customer_key, leads.lead_date, occasions.lob

),

converted as (

    select distinct
        as_of_date,
        customer_key

    from bought

    where decided_date > lead_date

)

select
    leads.as_of_date,
    leads.intent_level,
    count(*) as lead_count,
    count(converted.customer_key) as converted_count

from leads
left join converted
    on leads.as_of_date = converted.as_of_date and leads.customer_key = converted.customer_key

group by leads.as_of_date, leads.intent_level
