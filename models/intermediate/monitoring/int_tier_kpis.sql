-- One row per shown date, figure and segment.
{{ config(materialized='view') }}

{% for model in ['int_tier_kpis_by_tier', 'int_tier_kpis_of_moves', 'int_tier_kpis_of_components'] %}
select
    as_of_date,
    kpi,
    segment,
    customer_count,
    kpi_value

from {{ ref(model) }}
{%- if not loop.last %}

union all
{% endif %}
{%- endfor %}
