-- One row per product: the version recorded last.

with

versions as (

    select
        product_id,
        product_name,
        category,
        lob,
        default_margin_rate,
        is_points_eligible,
        row_number() over (
            partition by product_id
            order by recorded_at desc nulls last, _file desc, _line desc
        ) as version_rank

    from {{ ref('int_products_screened') }}

    where fate = 'accepted'

)

select
    product_id,
    product_name,
    category,
    lob,
    default_margin_rate,
    is_points_eligible

from versions

where version_rank = 1
