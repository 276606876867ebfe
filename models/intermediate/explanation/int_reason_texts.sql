-- One row per sentence that explains tiers, in force at the as-of date: in English and in Chinese.

select
    review_dates.as_of_date,
    texts.text_id,
    max(case when texts.lang = 'en' then texts.template end) as text_en,
    max(case when texts.lang = 'zh' then texts.template end) as text_zh

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_reason_texts') }} as texts
    on {{ in_force('texts', 'review_dates.as_of_date') }}

where review_dates.is_current

group by review_dates.as_of_date, texts.text_id
