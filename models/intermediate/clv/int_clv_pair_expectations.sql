-- One row per knowledge date, line, number of repeat purchases and age: purchases expected of who is alive, plain and discounted.
-- Money of a month counts by the discount of that month; dates that are no reviews are only asked for the days of their backtest.
{% set months = range(1, 37) %}
{% set figures = ['30d', '90d', '365d', 'backtest', '12m', '36m'] %}

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

terms as (

    select
        pairs.pair_number,
        pairs.shape,
        pairs.longest_reach,
        shares.share,
        pairs.monthly_discount,
        {%- for days in [30, 90, 365] %}
        {{ purchases_within('pairs.shape', 'shares.p', days ~ ' * pairs.daily_reach') }} as purchases_{{ days }}d,
        {%- endfor %}
        {{ purchases_within('pairs.shape', 'shares.p', 'pairs.backtest_reach') }} as purchases_backtest,
        0 as month_0,
        {%- for month in months %}
        {{ purchases_within('pairs.shape', 'shares.p', month ~ ' * pairs.monthly_reach') }} as month_{{ month }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from {{ ref('int_clv_pairs') }} as pairs
    inner join shares
        on pairs.as_of_date = shares.as_of_date and pairs.lob = shares.lob and pairs.x = shares.x

),

discounted as (

    select
        *,
        {{ discounted_purchases(12) }} as purchases_12m,
        {{ discounted_purchases(36) }} as purchases_36m

    from terms

),

-- Summed as whole numbers, in terms of the most that anybody of the pair could buy: the sum does not depend on the order.
sums as (

    select
        pair_number,
        max(shape * longest_reach) as most,
        {%- for figure in figures %}
        sum(cast(1e17 * share * purchases_{{ figure }} / (shape * longest_reach) as bigint)) as purchases_{{ figure }}
        {%- if not loop.last %},{% endif %}
        {%- endfor %}

    from discounted

    group by pair_number

)

select
    pairs.as_of_date,
    pairs.lob,
    pairs.x,
    pairs.age,
    {%- for figure in figures %}
    sums.most * cast(sums.purchases_{{ figure }} as {{ type_double() }}) / 1e17 as purchases_{{ figure }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}

from sums
inner join {{ ref('int_clv_pairs') }} as pairs
    on sums.pair_number = pairs.pair_number
