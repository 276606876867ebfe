-- One row per review date and graded customer with a component: the weighted score over what is present, and how much is present.

with

total_weights as (

    select
        as_of_date,
        sum(weight) as total_weight

    from {{ ref('int_tier_weights_in_force') }}

    group by as_of_date

),

sums as (

    select
        as_of_date,
        customer_key,
        sum(weight * score) as weighted_score,
        sum(weight) as present_weight

    from {{ ref('int_tier_components') }}

    group by as_of_date, customer_key

)

select
    sums.as_of_date,
    sums.customer_key,
    sums.present_weight,
    {{ ratio('sums.weighted_score', 'sums.present_weight', 4, decimals=8) }} as composite_score,
    {{ ratio('sums.present_weight', 'total_weights.total_weight', 4, decimals=4) }} as coverage

from sums
inner join total_weights
    on sums.as_of_date = total_weights.as_of_date
