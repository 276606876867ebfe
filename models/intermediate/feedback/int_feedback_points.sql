-- One row per review date and case known by then: its state, what it weighs, and what is left of that at the review.

with

cases as (

    select
        states.as_of_date,
        states.source_system,
        states.complaint_id,
        cases.customer_key,
        cases.feedback_type,
        cases.category,
        cases.lob,
        cases.channel,
        cases.incident_id,
        states.status,
        levels.severity,
        states.reopened_count,
        case
            when cases.feedback_type = 'praise' then policy.praise_points
            when cases.adopted_on <= states.as_of_date then policy.adopted_points
            when cases.feedback_type = 'suggestion' then policy.suggestion_points
            when not states.is_void then -levels.severity_points
        end as full_points,
        cast(
            1 + policy.reopened_factor * least(states.reopened_count, policy.max_reopened)
            + case when levels.is_sla_missed then policy.sla_factor else 0 end
            + case when repeats.is_repeat then policy.repeat_factor else 0 end as decimal(18, 4)
        ) as handling_factor,
        case
            when states.is_open then 1
            -- A rating without a time came with the end of the case.
            when cases.closure_rating >= policy.well_rating and coalesce(cases.rated_on <= states.as_of_date, true)
                then policy.well_resolved_factor
            when not levels.is_sla_missed then policy.in_sla_factor
            else 1
        end as result_factor,
        {{ decay(days_between('cases.created_date', 'states.as_of_date'), 'policy.half_life_days') }} as age_factor,
        states.resolution_seconds,
        cases.feedback_type <> 'complaint' or not states.is_void as is_counted,
        states.is_open,
        states.is_void,
        coalesce(repeats.is_repeat, false) as is_repeat,
        coalesce(levels.is_sla_missed, false) as is_sla_missed,
        coalesce(cases.adopted_on <= states.as_of_date, false) as is_adopted,
        cases.created_date,
        cases.created_at,
        states.resolved_at

    from {{ ref('int_feedback_states') }} as states
    inner join {{ ref('int_feedback_cases') }} as cases
        on
            states.source_system = cases.source_system
            and states.complaint_id = cases.complaint_id
            and states.version_number = cases.version_number
    inner join {{ ref('int_feedback_policy_in_force') }} as policy
        on states.as_of_date = policy.as_of_date
    left join {{ ref('int_feedback_service_levels') }} as levels
        on
            states.as_of_date = levels.as_of_date
            and states.source_system = levels.source_system
            and states.complaint_id = levels.complaint_id
    left join {{ ref('int_feedback_repeats') }} as repeats
        on
            states.as_of_date = repeats.as_of_date
            and states.source_system = repeats.source_system
            and states.complaint_id = repeats.complaint_id

),

weighed as (

    select
        cases.*,
        cast(
            case
                when feedback_type = 'complaint' then full_points * handling_factor * cast(result_factor as decimal(9, 4))
                else full_points
            end as decimal(28, 12)
        ) as points

    from cases

)

select
    as_of_date,
    source_system,
    complaint_id,
    customer_key,
    feedback_type,
    category,
    lob,
    channel,
    incident_id,
    status,
    severity,
    reopened_count,
    cast({{ ratio('resolution_seconds', 3600, 2, decimals=0) }} as decimal(18, 2)) as resolution_hours,
    points,
    -- What is not settled does not fade.
    points * case when feedback_type = 'complaint' and is_open then cast(1 as decimal(9, 6)) else age_factor end as points_left,
    is_counted,
    is_open,
    is_void,
    is_repeat,
    is_sla_missed,
    is_adopted,
    created_date,
    created_at,
    resolved_at

from weighed
