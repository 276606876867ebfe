-- One row per merged customer and customer it was merged into, directly or through others (10 links), with the day on which that was so.
{% set longest_chain = 10 %}

with recursive

chains as (

    select
        from_key as customer_key,
        to_key as met_key,
        merged_on,
        1 as link_count

    from {{ ref('int_customer_links') }}

    union all

    select
        chains.customer_key,
        links.to_key as met_key,
        greatest(chains.merged_on, links.merged_on) as merged_on,
        chains.link_count + 1 as link_count

    from chains
    inner join {{ ref('int_customer_links') }} as links
        on chains.met_key = links.from_key

    where chains.link_count < {{ longest_chain }}

)

select
    customer_key,
    met_key,
    merged_on,
    link_count

from chains
