-- One row per review date and case known by then: its status, when it was resolved, how often opened again, how long it took.

with

steps as (

    select
        review_dates.as_of_date,
        steps.source_system,
        steps.complaint_id,
        steps.version_number,
        steps.status,
        steps.is_reopening,
        steps.step_at,
        steps.created_at,
        {{ end_of_business_date('review_dates.as_of_date') }} as review_ends_at,
        steps.status in ('resolved', 'closed', 'withdrawn', 'unfounded') as is_done,
        case steps.status
            when 'open' then 1 when 'in_progress' then 2 when 'pending_customer' then 3 when 'resolved' then 4 when 'closed' then 5
            when 'withdrawn' then 6 else 7
        end as status_order

    from {{ ref('int_feedback_steps') }} as steps
    inner join {{ ref('int_review_dates') }} as review_dates
        on
            steps.seen_from <= review_dates.as_of_date
            and (steps.seen_until is null or review_dates.as_of_date < steps.seen_until)

),

ordered as (

    select
        steps.*,
        row_number() over (
            partition by as_of_date, source_system, complaint_id order by step_at, is_reopening, status_order
        ) as step_number,
        lag(is_done) over (
            partition by as_of_date, source_system, complaint_id order by step_at, is_reopening, status_order
        ) as was_done,
        lead(step_at) over (
            partition by as_of_date, source_system, complaint_id order by step_at, is_reopening, status_order
        ) as next_step_at

    from steps

),

placed as (

    select
        ordered.*,
        max(step_number) over (partition by as_of_date, source_system, complaint_id) as last_step,
        max(case when is_done then 0 else step_number end) over (
            partition by as_of_date, source_system, complaint_id
        ) as last_undone_step

    from ordered

),

states as (

    select
        as_of_date,
        source_system,
        complaint_id,
        version_number,
        created_at,
        review_ends_at,
        max(case when step_number = last_step then status end) as status,
        min(case when step_number > last_undone_step then step_at end) as resolved_at,
        sum(case when was_done and not is_done then 1 else 0 end) as reopened_count,
        sum(case
            when status = 'pending_customer' then {{ seconds_between('step_at', 'coalesce(next_step_at, review_ends_at)') }}
            else 0
        end) as paused_seconds

    from placed

    group by as_of_date, source_system, complaint_id, version_number, created_at, review_ends_at

)

select
    as_of_date,
    source_system,
    complaint_id,
    version_number,
    status,
    cast(reopened_count as integer) as reopened_count,
    cast(
        {{ seconds_between('created_at', 'coalesce(resolved_at, review_ends_at)') }} - paused_seconds as bigint
    ) as resolution_seconds,
    resolved_at is null as is_open,
    status in ('withdrawn', 'unfounded') as is_void,
    {{ business_date('resolved_at') }} as resolved_date,
    resolved_at,
    review_ends_at

from states
