-- One row per review date and graded customer: the stage of the lifecycle, the first that fits, and why.

with

judged as (

    select
        measured.*,
        policy.churned_above,
        coalesce(
            measured.has_contract
            and not measured.has_active_contract
            and measured.idle_days > policy.churn_min_days
            and measured.idle_to_rhythm > 1,
            false
        ) as has_contracts_over,
        coalesce(
            measured.value_previous_12m > 0
            and measured.value_12m <= policy.decline_until * measured.value_previous_12m,
            false
        ) as has_fallen,
        coalesce(
            measured.value_previous_12m > 0
            and measured.value_12m >= policy.growth_from * measured.value_previous_12m,
            false
        ) as has_risen,
        policy.dormant_above

    from {{ ref('int_customers_lifecycle_measured') }} as measured
    inner join {{ ref('int_lifecycle_policy_in_force') }} as policy
        on measured.as_of_date = policy.as_of_date

),

reasoned as (

    select
        judged.*,
        case
            when not holds_a_line then 'never_bought'
            when idle_to_rhythm > churned_above then 'idle'
            when has_contracts_over then 'contracts_over'
            when is_terminated and not has_active_contract and not has_property then 'terminated'
            when idle_to_rhythm > dormant_above then 'idle'
            when has_returned and idle_to_rhythm <= 1 then 'returned'
            when is_newcomer then 'first_purchase'
            when has_fallen then 'value_fell'
            when idle_to_rhythm > 1 then 'idle'
            when has_risen then 'value_rose'
            when has_added_line then 'line_added'
            else 'steady'
        end as stage_reason

    from judged

)

select
    as_of_date,
    customer_key,
    case
        when stage_reason = 'never_bought' then 'prospect'
        when stage_reason in ('contracts_over', 'terminated') or idle_to_rhythm > churned_above then 'churned'
        when idle_to_rhythm > dormant_above then 'dormant'
        when stage_reason = 'returned' then 'reactivated'
        when stage_reason = 'first_purchase' then 'new'
        when stage_reason in ('value_fell', 'idle') then 'decline'
        when stage_reason in ('value_rose', 'line_added') then 'growth'
        else 'mature'
    end as lifecycle_stage,
    stage_reason,
    idle_days,
    expected_gap_days,
    rhythm_days,
    idle_to_rhythm,
    value_12m,
    value_previous_12m,
    value_trend_12m,
    days_since_first_purchase,
    is_own_rhythm,
    has_active_contract,
    has_returned,
    has_added_line,
    first_purchase_date,
    last_activity_date

from reasoned
