-- One row per review date, customer and line with occasions inside a window: how many in the line's own window and in the last 24 months.

select
    review_dates.as_of_date,
    occasions.customer_key,
    occasions.lob,
    sum(
        case when occasions.occasion_date > {{ add_days('review_dates.as_of_date', '-lobs.rfm_window_days') }} then 1 else 0 end
    ) as occasions_in_window,
    sum(
        case when occasions.occasion_date > {{ add_days('review_dates.as_of_date', -activity_window_days()) }} then 1 else 0 end
    ) as occasions_24m

from {{ ref('int_occasions') }} as occasions
inner join {{ ref('int_review_dates') }} as review_dates
    on
        occasions.seen_from <= review_dates.as_of_date
        and (occasions.seen_until is null or review_dates.as_of_date < occasions.seen_until)
inner join {{ ref('int_lobs_in_force') }} as lobs
    on review_dates.as_of_date = lobs.as_of_date and occasions.lob = lobs.lob

where
    occasions.occasion_date > {{ add_days(
        'review_dates.as_of_date', '-greatest(coalesce(lobs.rfm_window_days, 0), ' ~ activity_window_days() ~ ')'
    ) }}

group by review_dates.as_of_date, occasions.customer_key, occasions.lob
