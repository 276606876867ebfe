-- One row per shown date and potential customer: how near the first purchase seems, A+ to C-.

select
    tiers.as_of_date,
    tiers.customer_key,
    case
        when intent.intent_level is null then 'C-'
        when intent.intent_level <> 'A' then intent.intent_level
        when intent.expected_purchase_window = 'within_1m' then 'A+'
        when intent.expected_purchase_window in ('within_6m', 'over_6m') then 'A-'
        else 'A'
    end as potential_grade

from {{ ref('int_customers_tiered') }} as tiers
inner join {{ ref('int_review_dates') }} as review_dates
    on tiers.as_of_date = review_dates.as_of_date and review_dates.is_shown
left join {{ ref('int_customers_intent') }} as intent
    on tiers.as_of_date = intent.as_of_date and tiers.customer_key = intent.customer_key

where tiers.value_tier = 'potential'
