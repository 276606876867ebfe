-- Every row of policy_survey_scales has the ends by which scores are screened: with others a score would lie beyond 0 and 100, or
-- answers would be rejected that the policy takes for good ones. Scales that nothing is screened by have no place there.

with

screened as (

    {%- for scale, bounds in scale_bounds().items() %}
    select
        '{{ scale }}' as scale,
        {{ bounds[0] }} as least_score,
        {{ bounds[1] }} as greatest_score
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    {{ policy_row('policy_survey_scales', 'policy', ['scale']) }}
    || case
        when screened.scale is null then 'no answer is on such a scale.'
        else
            'least_score and greatest_score must be ' || {{ shown('screened.least_score') }} || ' and '
            || {{ shown('screened.greatest_score') }} || ', by which answers are screened.'
    end as problem

from {{ ref('policy_survey_scales') }} as policy
left join screened
    on policy.scale = screened.scale

where
    policy.scenario_id = '{{ scenario() }}'
    and (
        screened.scale is null
        or policy.least_score <> screened.least_score
        or policy.greatest_score <> screened.greatest_score
    )
