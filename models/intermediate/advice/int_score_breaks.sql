-- One row per customer type with three different scores or more: the two whole points at which the composite scores part best (Jenks).
-- Of all pairs of cuts the one with the least squares within the three classes, the first of equals. Within a class they are
-- the sum of squares less (the sum)^2 / the count: what is taken off is made greatest.

with

cells as (

    select
        customer_type,
        cast({{ ratio('measured', '1', 0, decimals=4) }} as bigint) as points,
        count(*) as customer_count

    from {{ ref('int_tier_measures') }}

    where measure = 'composite_score'

    group by customer_type, cast({{ ratio('measured', '1', 0, decimals=4) }} as bigint)

),

-- Of the cells below each cell, and of all.
sums as (

    select
        customer_type,
        points,
        sum(customer_count) over (partition by customer_type order by points) - customer_count as count_below,
        sum(customer_count * points) over (partition by customer_type order by points) - customer_count * points as sum_below,
        sum(customer_count) over (partition by customer_type) as count_all,
        sum(customer_count * points) over (partition by customer_type) as sum_all,
        sum(customer_count * points * points) over (partition by customer_type) as squares_all

    from cells

),

pairs as (

    select
        medium.customer_type,
        medium.points as medium_break,
        high.points as high_break,
        medium.squares_all,
        {{ ratio('medium.sum_all * medium.sum_all', 'medium.count_all', 6, decimals=0) }} as taken_by_one,
        {{ ratio('medium.sum_below * medium.sum_below', 'medium.count_below', 6, decimals=0) }}
        + {{ ratio(
            '(high.sum_below - medium.sum_below) * (high.sum_below - medium.sum_below)', '(high.count_below - medium.count_below)', 6, decimals=0
        ) }}
        + {{ ratio(
            '(high.sum_all - high.sum_below) * (high.sum_all - high.sum_below)', '(high.count_all - high.count_below)', 6, decimals=0
        ) }} as taken_by_three

    from sums as medium
    inner join sums as high
        on medium.customer_type = high.customer_type and medium.points < high.points

    where medium.count_below > 0

),

ranked as (

    select
        pairs.*,
        row_number() over (
            partition by customer_type order by taken_by_three desc, medium_break, high_break
        ) as pair_rank

    from pairs

)

select
    customer_type,
    medium_break,
    high_break,
    {{ ratio('(taken_by_three - taken_by_one)', '(squares_all - taken_by_one)', 4, decimals=6) }} as goodness_of_fit

from ranked

where pair_rank = 1
