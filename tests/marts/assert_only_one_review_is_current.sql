-- Exactly one review date is the as-of date of the build, and it is the last.

select
    sum(case when is_current then 1 else 0 end) as current_count,
    max(case when is_current then as_of_date end) as current_date_of_build,
    max(as_of_date) as last_date

from {{ ref('review_dates') }}

having
    sum(case when is_current then 1 else 0 end) <> 1
    or max(case when is_current then as_of_date end) <> max(as_of_date)
