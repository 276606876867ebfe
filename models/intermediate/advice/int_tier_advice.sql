-- One row per tier rule that looks at one measure, customer type, basis and statistic: a value the threshold could have.

select
    thresholds.as_of_date,
    thresholds.customer_type,
    thresholds.rule_path,
    thresholds.measure,
    'percentile' as basis,
    'p' || cast(percentiles.percent as {{ type_text() }}) as statistic,
    percentiles.percentile_value as advised_value,
    cast(null as decimal(9, 4)) as goodness_of_fit,
    thresholds.threshold

from {{ ref('int_tier_measure_thresholds') }} as thresholds
inner join {{ ref('int_tier_percentiles') }} as percentiles
    on thresholds.customer_type = percentiles.customer_type and thresholds.measure = percentiles.measure

union all

select
    thresholds.as_of_date,
    thresholds.customer_type,
    thresholds.rule_path,
    thresholds.measure,
    'natural_break' as basis,
    case thresholds.rule_path when 'SC_HIGH' then 'break_2' else 'break_1' end as statistic,
    cast(
        case thresholds.rule_path when 'SC_HIGH' then breaks.high_break else breaks.medium_break end as decimal(18, 4)
    ) as advised_value,
    cast(breaks.goodness_of_fit as decimal(9, 4)) as goodness_of_fit,
    thresholds.threshold

from {{ ref('int_tier_measure_thresholds') }} as thresholds
inner join {{ ref('int_score_breaks') }} as breaks
    on thresholds.customer_type = breaks.customer_type and thresholds.rule_path in ('SC_HIGH', 'SC_MED')
