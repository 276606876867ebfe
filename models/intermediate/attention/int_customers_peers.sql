-- One row per shown date and customer with a level: how many of those like this one the rules make high; null where these are few.

with

lines as (

    select
        as_of_date,
        customer_key,
        least(count(*), 3) as lines_held

    from {{ ref('int_customer_lines_held') }}

    group by as_of_date, customer_key

),

cells as (

    select
        tiers.as_of_date,
        tiers.customer_key,
        tiers.rule_tier,
        tiers.value_tier,
        tiers.customer_type || ' ' || coalesce(main_lines.main_lob, 'none') || ' '
        || cast(coalesce(lines.lines_held, 0) as {{ type_text() }})
        || case
            when engagement.engagement_score is null then ' none'
            when engagement.engagement_score >= thresholds.engagement_score then ' from'
            else ' below'
        end as cell

    from {{ ref('int_customers_tiered') }} as tiers
    inner join {{ ref('int_review_dates') }} as review_dates
        on tiers.as_of_date = review_dates.as_of_date and review_dates.is_shown
    inner join {{ ref('int_tier_thresholds_in_force') }} as thresholds
        on tiers.as_of_date = thresholds.as_of_date and tiers.customer_type = thresholds.customer_type
    left join {{ ref('int_customers_main_line') }} as main_lines
        on tiers.as_of_date = main_lines.as_of_date and tiers.customer_key = main_lines.customer_key
    left join lines
        on tiers.as_of_date = lines.as_of_date and tiers.customer_key = lines.customer_key
    left join {{ ref('int_customers_engagement') }} as engagement
        on tiers.as_of_date = engagement.as_of_date and tiers.customer_key = engagement.customer_key

    where tiers.computed_tier in ('high', 'medium', 'low')

),

counted as (

    select
        as_of_date,
        cell,
        count(*) as peer_count,
        sum(case when rule_tier = 'high' then 1 else 0 end) as high_count

    from cells

    group by as_of_date, cell

)

select
    cells.as_of_date,
    cells.customer_key,
    cells.value_tier,
    case
        when counted.peer_count >= policy.min_peers
            then {{ ratio('counted.high_count', 'counted.peer_count', 4, decimals=0) }}
    end as peer_high_share,
    policy.peer_quantile

from cells
inner join counted
    on cells.as_of_date = counted.as_of_date and cells.cell = counted.cell
inner join {{ ref('policy_attention') }} as policy
    on {{ in_force('policy', 'cells.as_of_date') }}
