-- One row per review date, graded customer and component of the tier that is present, with its weight in the policy of that day.
-- A new component is one more model int_component_<name>, one more line here and one more row in policy_tier_weights.

with

components as (

    select as_of_date, customer_key, component, score from {{ ref('int_component_rfm') }}

    union all

    select as_of_date, customer_key, component, score from {{ ref('int_component_variety') }}

    union all

    select as_of_date, customer_key, component, score from {{ ref('int_component_clv') }}

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
