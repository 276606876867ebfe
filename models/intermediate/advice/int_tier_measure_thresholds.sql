-- One row per tier rule that looks at one measure, and customer type: the live threshold at the as-of date.

select
    review_dates.as_of_date,
    thresholds.customer_type,
    thresholds.rule_path,
    thresholds.measure,
    thresholds.threshold

from {{ ref('int_review_dates') }} as review_dates
inner join {{ ref('policy_tier_thresholds') }} as thresholds
    on {{ in_force('thresholds', 'review_dates.as_of_date') }}

where
    review_dates.is_current
    and thresholds.measure in (
        {%- for measure in tier_measures() %}
        '{{ measure }}'
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    )
