-- One row per review date and graded customer with a span of activity: when the last one ended, and the longest gap that ended lately.
-- Spans that begin in the days of a return are taken one by one. Those before, which are most, only say when the last one ended:
-- they are added up before reviews look at them.

with

-- One number of days for all reviews: what begins before the window of one review begins before those of the later ones.
windows as (

    select max(returned_days) as window_days from {{ ref('int_lifecycle_policy_in_force') }}

),

lines as (

    select
        lobs.as_of_date,
        lobs.lob,
        lobs.is_contractual,
        policy.returned_days,
        windows.window_days

    from {{ ref('int_lobs_in_force') }} as lobs
    inner join {{ ref('int_lifecycle_policy_in_force') }} as policy
        on lobs.as_of_date = policy.as_of_date
    cross join windows

),

stretches as (

    select
        spans.customer_key,
        spans.lob,
        spans.span_kind,
        greatest(spans.seen_from, calendar.first_knowledge_date) as seen_from,
        spans.seen_until,
        max(coalesce(spans.end_date, date '9999-12-31')) as end_date

    from {{ ref('int_activity_spans') }} as spans
    cross join windows
    inner join {{ ref('int_calendar') }} as calendar
        on greatest(date '1990-01-01', {{ add_days('spans.start_date', 'windows.window_days') }}) = calendar.calendar_date

    group by
        spans.customer_key,
        spans.lob,
        spans.span_kind,
        greatest(spans.seen_from, calendar.first_knowledge_date),
        spans.seen_until

),

activity as (

    select
        lines.as_of_date,
        lines.returned_days,
        stretches.customer_key,
        {{ add_days('lines.as_of_date', '-lines.window_days') }} as start_date,
        least(lines.as_of_date, max(stretches.end_date)) as end_date

    from stretches
    inner join lines
        on {{ counts_as_activity('stretches', 'lines') }}

    group by lines.as_of_date, lines.returned_days, lines.window_days, stretches.customer_key

    union all

    select
        lines.as_of_date,
        lines.returned_days,
        spans.customer_key,
        spans.start_date,
        least(lines.as_of_date, max(coalesce(spans.end_date, date '9999-12-31'))) as end_date

    from {{ ref('int_activity_spans') }} as spans
    inner join lines
        on
            {{ counts_as_activity('spans', 'lines') }}
            and spans.start_date <= lines.as_of_date
            and spans.start_date > {{ add_days('lines.as_of_date', '-lines.window_days') }}

    group by lines.as_of_date, lines.returned_days, spans.customer_key, spans.start_date

),

following as (

    select
        activity.*,
        max(end_date) over (
            partition by as_of_date, customer_key order by start_date rows between unbounded preceding and 1 preceding
        ) as previous_end_date

    from activity

)

select
    following.as_of_date,
    following.customer_key,
    max(following.end_date) as last_activity_date,
    max(
        case
            when following.start_date > {{ add_days('following.as_of_date', '-following.returned_days') }}
                then {{ days_between('following.previous_end_date', 'following.start_date') }}
        end
    ) as return_gap_days

from following
inner join {{ ref('int_customer_reviews') }} as reviews
    on following.as_of_date = reviews.as_of_date and following.customer_key = reviews.customer_key and reviews.is_scoreable

group by following.as_of_date, following.customer_key
