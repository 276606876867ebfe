-- One row per review date, graded customer and component of the tier that is present, with its weight in the policy of that day.

with

components as (

    {%- for component in tier_components() %}
    select
        as_of_date,
        customer_key,
        component,
        cast(score as decimal(9, 4)) as score

    from {{ ref('int_component_' ~ component) }}
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}

)

select
    components.as_of_date,
    components.customer_key,
    components.component,
    weights.weight,
    components.score

from components
inner join {{ ref('int_tier_weights_in_force') }} as weights
    on components.as_of_date = weights.as_of_date and components.component = weights.component
