-- One row per review date, level and group of measured customers that are alike and many enough to be compared: their yearly use.
{% set levels = {
    'city': ['customer_type', 'property_type', 'area_band', 'city'],
    'area': ['customer_type', 'property_type', 'area_band'],
    'type': ['customer_type', 'property_type'],
} %}

with

measured as (

    select
        as_of_date,
        customer_key,
        customer_type,
        property_type,
        area_band,
        city,
        annual_kwh

    from {{ ref('int_energy_measured') }}

    where energy_status = 'measured'

),

ranked as (
    {% for level, columns in levels.items() %}
    select
        '{{ level }}' as peer_level,
        as_of_date,
        customer_type,
        property_type,
        {{ 'area_band' if 'area_band' in columns else 'cast(null as ' ~ type_text() ~ ')' }} as area_band,
        {{ 'city' if 'city' in columns else 'cast(null as ' ~ type_text() ~ ')' }} as city,
        annual_kwh,
        row_number() over (partition by as_of_date, {{ columns | join(', ') }} order by annual_kwh, customer_key) as use_rank,
        count(*) over (partition by as_of_date, {{ columns | join(', ') }}) as peer_count

    from measured

    where {{ columns | join(' is not null and ') }} is not null
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select
    ranked.as_of_date,
    ranked.peer_level,
    ranked.customer_type,
    ranked.property_type,
    ranked.area_band,
    ranked.city,
    ranked.peer_count,
    {{ ratio('sum(ranked.annual_kwh)', 'ranked.peer_count', 2, decimals=2) }} as peer_mean_kwh,
    min(case when ranked.use_rank >= policy.efficient_share * ranked.peer_count then ranked.annual_kwh end) as peer_efficient_kwh

from ranked
inner join {{ ref('int_energy_policy_in_force') }} as policy
    on ranked.as_of_date = policy.as_of_date and ranked.peer_count >= policy.min_peers

group by
    ranked.as_of_date, ranked.peer_level, ranked.customer_type, ranked.property_type, ranked.area_band, ranked.city, ranked.peer_count
