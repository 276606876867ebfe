-- One row per review date, graded customer and component of the tier that is present, with its weight in the policy of that day.
-- A new component is one more model int_component_<name>, one more line here and one more row in policy_tier_weights.

with

components as (

    select as_of_date, customer_key, component, score from {{ ref('int_component_rfm') }}

    union all

    select as_of_date, customer_key, component, score from {{ ref('int_component_variety') }}

)

select
    components.as_of_date,
    components.customer_key,
    components.component,
    weights.weight,
    components.score

from components
inner join {{ ref('policy_tier_weights') }} as weights
    on components.component = weights.component and {{ in_force('weights', 'components.as_of_date') }}

where weights.weight > 0
