-- Every scale a score can be on has its cuts in force at every review: an answer without them would count nowhere.

with

scales as (

    {%- for scale in codes('survey_scale') %}
    select '{{ scale }}' as scale
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    'policy_survey_scales.csv: on ' || {{ shown('review_dates.as_of_date') }} || ', a graded date, no row of scale ' || scales.scale
    || ' is in force; add one, or answers on it count nowhere.' as problem

from scales
cross join {{ ref('int_review_dates') }} as review_dates
left join {{ ref('policy_survey_scales') }} as policy
    on scales.scale = policy.scale and {{ in_force('policy', 'review_dates.as_of_date') }}

where policy.scale is null
