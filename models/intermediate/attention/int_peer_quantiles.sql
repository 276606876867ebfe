-- One row per shown date: the share of high peers that makes a low or medium customer stand out.

with

shares as (

    select
        as_of_date,
        peer_high_share,
        peer_quantile,
        count(*) as customer_count

    from {{ ref('int_customers_peers') }}

    where peer_high_share is not null and value_tier in ('low', 'medium')

    group by as_of_date, peer_high_share, peer_quantile

),

cumulated as (

    select
        as_of_date,
        peer_high_share,
        peer_quantile,
        sum(customer_count) over (partition by as_of_date order by peer_high_share) - customer_count as smaller_count,
        sum(customer_count) over (partition by as_of_date) as all_count

    from shares

)

select
    as_of_date,
    min(peer_high_share) as standing_out_share

from cumulated

where smaller_count >= peer_quantile * all_count

group by as_of_date
