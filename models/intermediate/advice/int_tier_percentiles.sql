-- One row per customer type, measure and percentile: the smallest value that so many percent of the customers do not exceed.

with

percents as (
    {%- for percent in [10, 25, 50, 75, 80, 90, 95] %}
    select {{ percent }} as percent
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

ranked as (

    select
        customer_type,
        measure,
        measured,
        row_number() over (partition by customer_type, measure order by measured, customer_key) as value_rank,
        count(*) over (partition by customer_type, measure) as customer_count

    from {{ ref('int_tier_measures') }}

)

select
    ranked.customer_type,
    ranked.measure,
    percents.percent,
    min(ranked.measured) as percentile_value

from ranked
inner join percents
    on 100 * ranked.value_rank >= percents.percent * ranked.customer_count

group by ranked.customer_type, ranked.measure, percents.percent
