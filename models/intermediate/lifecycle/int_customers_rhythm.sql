-- One row per review date and graded customer with enough purchase dates in the 730 days up to the last activity: the gap most keep to.
-- Counted back from the last activity, not from the review: idleness alone must not slow the pace.

with

purchase_days as (

    select
        active.as_of_date,
        spans.customer_key,
        spans.start_date

    from {{ ref('int_activity_spans') }} as spans
    inner join {{ ref('int_customers_active') }} as active
        on
            spans.customer_key = active.customer_key
            and spans.seen_from <= active.as_of_date
            and (spans.seen_until is null or active.as_of_date < spans.seen_until)
            and spans.start_date > {{ add_days('active.last_activity_date', -activity_window_days()) }}

    where spans.span_kind = 'occasion'

    -- Purchases in several lines on one day are one date.
    group by active.as_of_date, spans.customer_key, spans.start_date

),

gaps as (

    select
        as_of_date,
        customer_key,
        start_date,
        {{ days_between('lag(start_date) over (partition by as_of_date, customer_key order by start_date)', 'start_date') }} as gap_days,
        count(*) over (partition by as_of_date, customer_key) as purchase_day_count

    from purchase_days

),

ranked as (

    select
        gaps.as_of_date,
        gaps.customer_key,
        gaps.gap_days,
        policy.rhythm_share * (gaps.purchase_day_count - 1) as least_rank,
        row_number() over (partition by gaps.as_of_date, gaps.customer_key order by gaps.gap_days, gaps.start_date) as gap_rank

    from gaps
    inner join {{ ref('int_lifecycle_policy_in_force') }} as policy
        on gaps.as_of_date = policy.as_of_date and gaps.purchase_day_count >= policy.min_occasions

    where gaps.gap_days is not null

)

select
    as_of_date,
    customer_key,
    min(gap_days) as own_gap_days

from ranked

where gap_rank >= least_rank

group by as_of_date, customer_key
