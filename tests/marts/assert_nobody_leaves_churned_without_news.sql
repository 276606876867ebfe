-- From churned to anything else a customer comes only by activity, or a correction of what was known, since the review before, or by
-- another policy. News is a span of activity that only one of the two reviews sees, or another version or the end of a contract.
{% set policies = ['policy_lifecycle', 'policy_lobs', 'policy_engagement', 'policy_interaction_events'] %}

with

steps as (

    select
        history.as_of_date,
        review_dates.previous_as_of_date,
        reviews.customer_key,
        history.customer_id,
        history.lifecycle_stage

    from {{ ref('customer_lifecycle_history') }} as history
    inner join {{ ref('review_dates') }} as review_dates
        on history.as_of_date = review_dates.as_of_date
    inner join {{ ref('customer_lifecycle_history') }} as previous
        on review_dates.previous_as_of_date = previous.as_of_date and history.customer_id = previous.customer_id
    inner join {{ ref('int_customer_reviews') }} as reviews
        on history.as_of_date = reviews.as_of_date and history.customer_id = reviews.customer_id

    where previous.lifecycle_stage = 'churned' and history.lifecycle_stage <> 'churned'

),

views as (

    select
        steps.*,
        steps.as_of_date as viewed_on

    from steps

    union all

    select
        steps.*,
        steps.previous_as_of_date as viewed_on

    from steps

),

spans as (

    select distinct
        views.as_of_date,
        views.customer_key,
        views.viewed_on,
        spans.lob,
        spans.span_kind,
        spans.start_date,
        spans.end_date

    from views
    inner join {{ ref('int_activity_spans') }} as spans
        on
            views.customer_key = spans.customer_key
            and spans.start_date <= views.viewed_on
            and spans.seen_from <= views.viewed_on
            and (spans.seen_until is null or views.viewed_on < spans.seen_until)

),

seen_by_one as (

    select
        as_of_date,
        customer_key

    from spans

    group by as_of_date, customer_key, lob, span_kind, start_date, end_date

    having count(*) = 1

),

news as (

    select
        as_of_date,
        customer_key

    from seen_by_one

    union

    select
        steps.as_of_date,
        steps.customer_key

    from steps
    inner join {{ ref('int_contracts_versioned') }} as contracts
        on
            steps.customer_key = contracts.customer_key
            and contracts.seen_from <= steps.as_of_date
            and (contracts.seen_from > steps.previous_as_of_date or contracts.active_until >= steps.previous_as_of_date)
    {%- for policy in policies %}

    union

    select
        steps.as_of_date,
        steps.customer_key

    from steps
    inner join {{ ref(policy) }} as policy
        on {{ in_force('policy', 'steps.as_of_date') }} and policy.effective_from > steps.previous_as_of_date
    {%- endfor %}

)

select
    steps.customer_id,
    steps.previous_as_of_date,
    steps.as_of_date,
    steps.lifecycle_stage

from steps
left join news
    on steps.as_of_date = news.as_of_date and steps.customer_key = news.customer_key

where news.customer_key is null
