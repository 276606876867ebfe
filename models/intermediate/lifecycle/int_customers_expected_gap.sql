-- One row per review date and graded customer who holds a line: the days that may pass between activities, by what it buys.
-- Lines count that were bought from in the 730 days up to the last activity, not up to the review: idleness alone must not slow the pace.

with

lines as (

    select
        held.as_of_date,
        held.customer_key,
        held.last_occasion_date,
        lobs.expected_gap_days,
        max(held.last_occasion_date) over (partition by held.as_of_date, held.customer_key) as last_purchase_date,
        held.last_occasion_date > {{ add_days('active.last_activity_date', -activity_window_days()) }}
        or coalesce(lobs.is_contractual and contracted.is_contract_active, false) as is_current

    from {{ ref('int_customer_lines_held') }} as held
    inner join {{ ref('int_customers_active') }} as active
        on held.as_of_date = active.as_of_date and held.customer_key = active.customer_key
    inner join {{ ref('int_lobs_in_force') }} as lobs
        on held.as_of_date = lobs.as_of_date and held.lob = lobs.lob
    left join {{ ref('int_customer_lines_contracted') }} as contracted
        on held.as_of_date = contracted.as_of_date and held.customer_key = contracted.customer_key and held.lob = contracted.lob

),

gaps as (

    select
        as_of_date,
        customer_key,
        coalesce(
            min(case when is_current then expected_gap_days end),
            min(case when last_occasion_date = last_purchase_date then expected_gap_days end)
        ) as line_gap_days

    from lines

    group by as_of_date, customer_key

),

interactions as (

    select min(seen_from) as known_from from {{ ref('int_interactions_seen') }}

)

select
    gaps.as_of_date,
    gaps.customer_key,
    case
        when holding.is_owner and interactions.known_from <= gaps.as_of_date then policy.owner_gap_days
        else gaps.line_gap_days
    end as expected_gap_days

from gaps
inner join {{ ref('int_customers_holding') }} as holding
    on gaps.as_of_date = holding.as_of_date and gaps.customer_key = holding.customer_key
inner join {{ ref('int_lifecycle_policy_in_force') }} as policy
    on gaps.as_of_date = policy.as_of_date
cross join interactions
