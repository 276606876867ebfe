-- One row per state before and after: the share of those before that is there at the next review, over the last five shown reviews.

with

reviews as (

    select
        as_of_date,
        row_number() over (order by as_of_date desc) as reviews_back

    from {{ ref('int_monitoring_dates') }}

    where is_review

),

pooled as (

    select
        moves.from_tier,
        moves.to_tier,
        sum(moves.customer_count) as customer_count

    from {{ ref('int_tier_moves') }} as moves
    inner join reviews
        on moves.to_date = reviews.as_of_date and reviews.reviews_back <= 4

    where moves.from_tier <> 'not_known'

    group by moves.from_tier, moves.to_tier

),

totals as (

    select
        from_tier,
        sum(customer_count) as customer_count

    from pooled

    group by from_tier

),

tier_states as (

    {%- for tier in tier_states() %}
    select '{{ tier }}' as tier_state
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    from_states.tier_state as from_tier,
    to_states.tier_state as to_tier,
    cast(coalesce(totals.customer_count, 0) as bigint) as customer_count,
    case
        when totals.customer_count is not null
            then cast(coalesce(pooled.customer_count, 0) as {{ type_double() }}) / totals.customer_count
        -- Nobody was seen to leave it: it stays.
        when from_states.tier_state = to_states.tier_state then 1.0
        else 0.0
    end as share

from tier_states as from_states
cross join tier_states as to_states
left join totals
    on from_states.tier_state = totals.from_tier
left join pooled
    on from_states.tier_state = pooled.from_tier and to_states.tier_state = pooled.to_tier
