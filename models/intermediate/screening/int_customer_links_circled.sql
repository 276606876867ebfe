-- One row per customer whose merges, open at the as-of date, lead back to itself within 10 links.
{% set longest_chain = 10 %}

with recursive

-- Who is merged into two others has no next: neither of these merges counts.
links as (

    select
        from_key,
        min(to_key) as to_key

    from {{ ref('int_customer_identity_dated') }}

    where is_open_merge

    group by from_key

    having min(to_key) = max(to_key)

),

chains as (

    select
        from_key,
        to_key as met_key,
        1 as link_count

    from links

    union all

    select
        chains.from_key,
        links.to_key as met_key,
        chains.link_count + 1 as link_count

    from chains
    inner join links
        on chains.met_key = links.from_key

    where chains.link_count < {{ longest_chain }} and chains.met_key <> chains.from_key

)

select from_key as customer_key

from chains

where met_key = from_key
