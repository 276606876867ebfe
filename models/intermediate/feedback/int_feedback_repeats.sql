-- One row per review date and complaint known by then: does it repeat an earlier one of the customer about the same?

with

complaints as (

    select
        states.as_of_date,
        states.source_system,
        states.complaint_id,
        cases.customer_key,
        cases.category,
        cases.created_at,
        cases.created_date,
        -- When it was over, for the complaints after it: one that was void never was, one that is open is not yet.
        case
            when states.is_void then null
            when states.is_open then date '9999-12-31'
            else states.resolved_date
        end as over_on

    from {{ ref('int_feedback_states') }} as states
    inner join {{ ref('int_feedback_cases') }} as cases
        on
            states.source_system = cases.source_system
            and states.complaint_id = cases.complaint_id
            and states.version_number = cases.version_number

    where cases.feedback_type = 'complaint'

),

followed as (

    select
        complaints.*,
        max(over_on) over (
            partition by as_of_date, customer_key, category
            order by created_at, complaint_id, source_system
            rows between unbounded preceding and 1 preceding
        ) as earlier_over_on

    from complaints

)

select
    followed.as_of_date,
    followed.source_system,
    followed.complaint_id,
    coalesce(
        followed.category is not null
        and {{ days_between('followed.earlier_over_on', 'followed.created_date') }} <= policy.repeat_days,
        false
    ) as is_repeat

from followed
inner join {{ ref('int_feedback_policy_in_force') }} as policy
    on followed.as_of_date = policy.as_of_date
