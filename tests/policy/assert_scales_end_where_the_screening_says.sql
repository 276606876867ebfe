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
    policy.scenario_id,
    policy.effective_from,
    policy.scale,
    policy.least_score as policy_least_score,
    screened.least_score as screened_least_score,
    policy.greatest_score as policy_greatest_score,
    screened.greatest_score as screened_greatest_score

from {{ ref('policy_survey_scales') }} as policy
left join screened
    on policy.scale = screened.scale

where
    screened.scale is null
    or policy.least_score <> screened.least_score
    or policy.greatest_score <> screened.greatest_score
