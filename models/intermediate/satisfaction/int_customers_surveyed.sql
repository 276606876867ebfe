-- One row per review date and customer ever asked or answering: the dates of the last answer and of the last time asked.

select
    review_dates.as_of_date,
    surveys.customer_key,
    max(surveys.answer_date) as last_answer_date,
    max(case when surveys.asked_on <= review_dates.as_of_date then surveys.asked_on end) as last_asked_date

from {{ ref('int_surveys_seen') }} as surveys
inner join {{ ref('int_review_dates') }} as review_dates
    on
        surveys.seen_from <= review_dates.as_of_date
        and (surveys.seen_until is null or review_dates.as_of_date < surveys.seen_until)

group by review_dates.as_of_date, surveys.customer_key
