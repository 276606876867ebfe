-- One row per review date, graded customer and component of the tier that is present, with its weight in the policy of that day.

with

components as (

    {{ union_of_components() }}

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
