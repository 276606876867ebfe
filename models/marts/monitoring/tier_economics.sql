-- One row per shown date and state: customers, what they bring in a year, what treating them costs, and what comes back of it.

with

economics as (

    select
        mixes.*,
        cast(mixes.customer_count * coalesce(costs.yearly_cost, 0) as decimal(18, 2)) as yearly_cost,
        sum(mixes.spend_12m) over (partition by mixes.as_of_date) as all_spend_12m,
        sum(mixes.contribution_12m) over (partition by mixes.as_of_date) as all_contribution_12m

    from {{ ref('int_tier_mixes') }} as mixes
    left join {{ ref('policy_tier_costs') }} as costs
        on mixes.tier_state = costs.value_tier and {{ in_force('costs', 'mixes.as_of_date') }}

)

select
    as_of_date,
    tier_state as tier,
    cast(customer_count as bigint) as customer_count,
    spend_12m,
    contribution_12m,
    yearly_cost,
    cast({{ ratio('customer_count', 'all_customer_count', 4, decimals=0) }} as decimal(9, 4)) as customer_share,
    cast({{ ratio('spend_12m', 'all_spend_12m', 4, decimals=2) }} as decimal(18, 4)) as spend_share,
    cast({{ ratio('contribution_12m', 'all_contribution_12m', 4, decimals=4) }} as decimal(18, 4)) as contribution_share,
    cast({{ ratio('contribution_12m', 'yearly_cost', 4, decimals=4) }} as decimal(18, 4)) as return_on_cost

from economics
