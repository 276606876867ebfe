-- One row per review date and graded customer: what the stage of the lifecycle goes by.

with

facts as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        holding.customer_key is not null as holds_a_line,
        coalesce(holding.has_property, false) as has_property,
        coalesce(holding.has_added_line, false) as has_added_line,
        newcomers.customer_key is not null as is_newcomer,
        coalesce(contracted.has_active_contract, false) as has_active_contract,
        contracted.customer_key is not null as has_contract,
        contracted.last_end_date,
        contracted.last_termination_date,
        active.last_activity_date,
        active.return_gap_days,
        expected.expected_gap_days,
        rhythm.own_gap_days,
        valued.value_12m,
        valued.value_previous_12m,
        holding.first_purchase_date,
        policy.min_gap_factor,
        policy.max_gap_factor,
        policy.return_gap_factor

    from {{ ref('int_customer_reviews') }} as reviews
    inner join {{ ref('int_lifecycle_policy_in_force') }} as policy
        on reviews.as_of_date = policy.as_of_date
    left join {{ ref('int_customers_holding') }} as holding
        on reviews.as_of_date = holding.as_of_date and reviews.customer_key = holding.customer_key
    left join {{ ref('int_customers_active') }} as active
        on reviews.as_of_date = active.as_of_date and reviews.customer_key = active.customer_key
    left join {{ ref('int_customers_expected_gap') }} as expected
        on reviews.as_of_date = expected.as_of_date and reviews.customer_key = expected.customer_key
    left join {{ ref('int_customers_rhythm') }} as rhythm
        on reviews.as_of_date = rhythm.as_of_date and reviews.customer_key = rhythm.customer_key
    left join {{ ref('int_customers_contracted') }} as contracted
        on reviews.as_of_date = contracted.as_of_date and reviews.customer_key = contracted.customer_key
    left join {{ ref('int_customers_valued') }} as valued
        on reviews.as_of_date = valued.as_of_date and reviews.customer_key = valued.customer_key
    left join {{ ref('int_customers_new') }} as newcomers
        on reviews.as_of_date = newcomers.as_of_date and reviews.customer_key = newcomers.customer_key

    where reviews.is_scoreable

),

paced as (

    select
        facts.*,
        {{ days_between('last_activity_date', 'as_of_date') }} as idle_days,
        cast(
            case
                when own_gap_days is null then expected_gap_days
                else least(max_gap_factor * expected_gap_days, greatest(min_gap_factor * expected_gap_days, own_gap_days))
            end as decimal(9, 1)
        ) as rhythm_days

    from facts

)

select
    as_of_date,
    customer_key,
    idle_days,
    expected_gap_days,
    rhythm_days,
    {{ ratio('idle_days', 'rhythm_days', 4, decimals=1) }} as idle_to_rhythm,
    value_12m,
    value_previous_12m,
    case when value_previous_12m > 0 then {{ ratio('value_12m - value_previous_12m', 'value_previous_12m', 4, decimals=2) }} end
        as value_trend_12m,
    {{ days_between('first_purchase_date', 'as_of_date') }} as days_since_first_purchase,
    case when holds_a_line then own_gap_days is not null end as is_own_rhythm,
    holds_a_line,
    has_property,
    has_added_line,
    is_newcomer,
    has_contract,
    has_active_contract,
    -- The contract that ended last was broken off, and nothing came after it.
    coalesce(last_termination_date = last_end_date and last_activity_date <= last_end_date, false) as is_terminated,
    coalesce(return_gap_days > return_gap_factor * rhythm_days, false) as has_returned,
    first_purchase_date,
    last_activity_date

from paced
