-- One row per horizon and state: the mix of tiers after one to four reviews and in the long run, if customers go on moving as they did.

with

{% set horizons = ['1', '2', '3', '4'] -%}
now_0 as (

    select
        mixes.tier_state,
        cast(mixes.customer_count as {{ type_double() }}) as expected

    from {{ ref('int_tier_mixes') }} as mixes
    inner join {{ ref('int_monitoring_dates') }} as dates
        on mixes.as_of_date = dates.as_of_date and dates.is_current

),
{% for horizon in horizons %}
now_{{ horizon }} as (

    {{ moved_on('now_' ~ (horizon | int - 1), ref('int_tier_transitions')) }}

),
{% endfor %}
now_steady as (

    {{ moved_on('now_0', ref('int_tier_transitions_settled')) }}

),

horizons as (

    {%- for horizon in horizons + ['steady'] %}
    select '{{ horizon }}' as horizon, tier_state, expected from now_{{ horizon }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

evidence as (

    select
        from_tier,
        max(customer_count) as customer_count

    from {{ ref('int_tier_transitions') }}

    group by from_tier

)

select
    dates.as_of_date,
    horizons.horizon,
    horizons.tier_state as tier,
    cast(case when horizons.horizon <> 'steady' then horizons.horizon end as integer) as reviews_ahead,
    cast({{ rounded('horizons.expected', 1) }} as decimal(18, 1)) as expected_customers,
    cast(
        {{ rounded('horizons.expected / nullif(sum(horizons.expected) over (partition by horizons.horizon), 0)', 4) }} as decimal(9, 4)
    ) as share,
    evidence.customer_count as observed_customer_count

from horizons
inner join {{ ref('int_monitoring_dates') }} as dates
    on dates.is_current
inner join evidence
    on horizons.tier_state = evidence.from_tier
