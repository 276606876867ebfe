-- One row per customer with a level at the as-of date and measure that a tier rule looks at: its value. Amounts of 0 are no measure.

with

tiers as (

    select tiers.*

    from {{ ref('int_customers_tiered') }} as tiers
    inner join {{ ref('int_review_dates') }} as review_dates
        on tiers.as_of_date = review_dates.as_of_date and review_dates.is_current

    where tiers.rule_level is not null

),

measures as (
    {%- for measure in tier_measures() %}

    select
        as_of_date,
        customer_key,
        customer_type,
        '{{ measure }}' as measure,
        cast({{ measure }} as decimal(18, 4)) as measured

    from tiers

    where {{ measure }} {{ 'is not null' if measure.endswith('score') else '> 0' }}
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from measures
