-- One row per review date and graded customer about whom experts agree: what they think of the customer, 0-100.

select
    panels.as_of_date,
    panels.customer_key,
    'expert' as component,
    cast(
        {{ ratio(
            'sum(dimensions.weight * 100 * case when dimensions.is_reversed then 10 - cast(panels.mean_score as decimal(9, 4))'
            ~ ' else cast(panels.mean_score as decimal(9, 4)) - 1 end)',
            'sum(9 * dimensions.weight)', 4, decimals=8
        ) }} as decimal(9, 4)
    ) as score

from {{ ref('int_expert_panels') }} as panels
inner join {{ ref('policy_expert_dimensions') }} as dimensions
    on panels.dimension = dimensions.dimension and {{ in_force('dimensions', 'panels.as_of_date') }}

where panels.consensus = 'consensus' and dimensions.weight > 0

group by panels.as_of_date, panels.customer_key
