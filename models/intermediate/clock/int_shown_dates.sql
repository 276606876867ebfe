-- One row per date shown in the marts: the as-of date and the last reviews before it that lie inside the history.
{% set review_count = checked_var('review_count', '^[0-9]+$') | int %}

with

history as (

    select min(event_date) as first_sale_date

    from {{ ref('int_transactions_valued') }}

    where fate = 'accepted' and txn_role = 'sale'

),

past_reviews as (

    select
        reviews.review_date,
        row_number() over (order by reviews.review_date desc) as reviews_back

    from {{ ref('int_review_calendar') }} as reviews
    inner join {{ ref('int_as_of_date') }} as clock
        on reviews.review_date < clock.as_of_date

)

select
    clock.as_of_date,
    history.first_sale_date,
    true as is_current

from {{ ref('int_as_of_date') }} as clock
cross join history

union all

select
    past_reviews.review_date as as_of_date,
    history.first_sale_date,
    false as is_current

from past_reviews
inner join history
    on past_reviews.review_date >= history.first_sale_date

where past_reviews.reviews_back <= {{ review_count }}
