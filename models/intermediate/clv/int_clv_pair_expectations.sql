-- One row per knowledge date, line, number of repeat purchases and age: purchases expected of who is alive, plain and discounted.

with

nodes as ({{ expectation_nodes() }}),

counts as (

    select distinct
        as_of_date,
        lob,
        x,
        j,
        a,
        b

    from {{ ref('int_clv_pairs') }}

),

shares as ({{ expectation_shares('counts', 'nodes', ['as_of_date', 'lob', 'x']) }}),

asked as (

    select
        pairs.pair_number,
        pairs.as_of_date,
        pairs.lob,
        pairs.x,
        pairs.age,
        pairs.r,
        pairs.alpha,
        horizons.days_ahead as horizon

    from {{ ref('int_clv_pairs') }} as pairs
    inner join {{ ref('int_clv_horizons') }} as horizons
        on pairs.as_of_date = horizons.as_of_date

),

alive as (
    {{ expected_purchases_alive('asked', 'shares', ['pair_number', 'horizon'], ['as_of_date', 'lob', 'x']) }}
)

select
    pairs.as_of_date,
    pairs.lob,
    pairs.x,
    pairs.age,
    {%- for of in ['30d', '90d', '365d', 'backtest', '12m', '36m'] %}
    cast(sum(cast(horizons.weight_{{ of }} * alive.expected_purchases as decimal(38, 16))) as {{ type_double() }}) as purchases_{{ of }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}

from alive
inner join {{ ref('int_clv_pairs') }} as pairs
    on alive.pair_number = pairs.pair_number
inner join {{ ref('int_clv_horizons') }} as horizons
    on pairs.as_of_date = horizons.as_of_date and alive.horizon = horizons.days_ahead

group by pairs.as_of_date, pairs.lob, pairs.x, pairs.age
