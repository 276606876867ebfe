-- One row per customer known at the as-of date: the value tier, how it came about, what deserves attention, and a sentence to say so.

select
    history.*,
    sentences.tier_sentence_en,
    sentences.tier_sentence_zh

from {{ ref('customer_tier_history') }} as history
inner join {{ ref('review_dates') }} as review_dates
    on history.as_of_date = review_dates.as_of_date and review_dates.is_current
inner join {{ ref('int_customer_reviews') }} as reviews
    on history.as_of_date = reviews.as_of_date and history.customer_id = reviews.customer_id
left join {{ ref('int_customers_tier_sentences') }} as sentences
    on reviews.as_of_date = sentences.as_of_date and reviews.customer_key = sentences.customer_key
