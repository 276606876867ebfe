-- One row per review date and graded customer with a past or a predicted value: all lines together, and what the tiers look at (basis).

with

totals as (

    select
        lines.as_of_date,
        lines.customer_key,
        min(
            case lines.clv_status when 'not_identifiable' then 1 when 'estimated' then 2 when 'fitted' then 3 else 4 end
        ) as worst_status,
        min(case lines.clv_confidence when 'low' then 1 when 'medium' then 2 when 'high' then 3 end) as worst_confidence,
        cast(sum(lines.expected_purchases_30d) as decimal(18, 6)) as expected_purchases_30d,
        cast(sum(lines.expected_purchases_90d) as decimal(18, 6)) as expected_purchases_90d,
        cast(sum(lines.expected_purchases_365d) as decimal(18, 6)) as expected_purchases_365d,
        cast(sum(lines.historic_revenue) as decimal(18, 2)) as historic_revenue,
        cast(sum(lines.historic_clv) as decimal(18, 2)) as historic_clv,
        cast(sum(lines.predicted_clv_12m) as decimal(18, 2)) as predicted_clv_12m,
        cast(sum(lines.predicted_clv_36m) as decimal(18, 2)) as predicted_clv_36m,
        cast(sum(lines.clv_total) as decimal(18, 2)) as clv_total

    from {{ ref('int_clv_customer_lines') }} as lines
    inner join {{ ref('int_review_dates') }} as review_dates
        on lines.as_of_date = review_dates.as_of_date

    group by lines.as_of_date, lines.customer_key

),

holders as (

    select distinct
        as_of_date,
        customer_key

    from {{ ref('int_customer_lines_held') }}

)

select
    totals.as_of_date,
    totals.customer_key,
    customers.customer_type,
    case totals.worst_status
        when 1 then 'not_identifiable' when 2 then 'estimated' when 3 then 'fitted' else 'no_purchase'
    end as clv_status,
    case totals.worst_confidence when 1 then 'low' when 2 then 'medium' when 3 then 'high' end as clv_confidence,
    totals.expected_purchases_30d,
    totals.expected_purchases_90d,
    totals.expected_purchases_365d,
    totals.historic_revenue,
    totals.historic_clv,
    totals.predicted_clv_12m,
    totals.predicted_clv_36m,
    totals.clv_total,
    case
        when policy.tier_basis = 'total' then totals.clv_total
        when policy.horizon_months = 12 then totals.predicted_clv_12m
        else totals.predicted_clv_36m
    end as basis_amount,
    holders.customer_key is not null as holds_a_line

from totals
inner join {{ ref('int_customers_judged') }} as customers
    on totals.as_of_date = customers.as_of_date and totals.customer_key = customers.customer_key
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on totals.as_of_date = policy.as_of_date
left join holders
    on totals.as_of_date = holders.as_of_date and totals.customer_key = holders.customer_key
