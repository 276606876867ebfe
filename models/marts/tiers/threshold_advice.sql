-- One row per tier rule that looks at one measure, customer type, basis and statistic: what the threshold is, and what it could be.

select
    advice.as_of_date,
    advice.customer_type,
    advice.rule_path,
    advice.measure,
    advice.basis,
    advice.statistic,
    advice.threshold as live_threshold,
    advice.advised_value,
    advice.goodness_of_fit,
    count(*) as customer_count,
    cast(sum(case when measures.measured >= advice.threshold then 1 else 0 end) as bigint) as meets_live_count,
    cast(sum(case when measures.measured >= advice.advised_value then 1 else 0 end) as bigint) as meets_advised_count

from {{ ref('int_tier_advice') }} as advice
inner join {{ ref('int_tier_measures') }} as measures
    on advice.customer_type = measures.customer_type and advice.measure = measures.measure

group by
    advice.as_of_date,
    advice.customer_type,
    advice.rule_path,
    advice.measure,
    advice.basis,
    advice.statistic,
    advice.threshold,
    advice.advised_value,
    advice.goodness_of_fit
