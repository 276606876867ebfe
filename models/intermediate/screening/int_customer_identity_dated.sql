-- One row per landed line of customer identity: its customers and days, and whether it is a merge that is open at the as-of date.
-- A link delivered again is the same link: it began when first recorded, and ends when the row recorded last says so.

with

links as (

    select
        stg_links.*,
        clock.as_of_date,
        from_customers.customer_key as from_key,
        to_customers.customer_key as to_key,
        greatest(
            {{ business_date('stg_links.valid_from') }},
            coalesce({{ business_date('stg_links.recorded_at') }}, {{ business_date('stg_links.valid_from') }})
        ) as known_on,
        {{ business_date('stg_links.valid_to') }} as ended_on,
        coalesce({{ is_hidden_by_cutoff('coalesce(stg_links.recorded_at, stg_links.valid_from)') }}, false) as is_hidden,
        row_number() over (
            partition by stg_links.from_customer_id, stg_links.row_hash
            order by stg_links._file, stg_links._line
        ) as copy_number

    from {{ ref('stg_raw__customer_identity') }} as stg_links
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_customers_keyed') }} as from_customers
        on stg_links.from_customer_id = from_customers.customer_id
    left join {{ ref('int_customers_keyed') }} as to_customers
        on stg_links.to_customer_id = to_customers.customer_id

),

judged as (

    select
        links.*,
        link_type = 'merge'
        and from_key <> to_key
        and from_key is not null
        and to_key is not null
        and valid_from is not null
        and known_on <= as_of_date
        and not is_hidden as is_merge

    from links

),

ranked as (

    select
        judged.*,
        row_number() over (
            partition by from_key, to_key, valid_from, is_merge
            order by recorded_at desc nulls last, _file desc, _line desc
        ) as version_rank

    from judged

)

select
    _file,
    _line,
    from_customer_id,
    to_customer_id,
    from_key,
    to_key,
    link_type,
    confidence,
    confidence_text,
    valid_from,
    valid_to,
    valid_to_text,
    recorded_at,
    recorded_at_text,
    case when is_merge then min(known_on) over (partition by from_key, to_key, valid_from, is_merge) end as merged_on,
    coalesce(is_merge, false)
    and not coalesce(
        max(case when version_rank = 1 then ended_on end) over (partition by from_key, to_key, valid_from, is_merge) <= as_of_date, false
    ) as is_open_merge,
    from_customer_id is not null and to_customer_id is not null and copy_number > 1 as is_repeat

from ranked
