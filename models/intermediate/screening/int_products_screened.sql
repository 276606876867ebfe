-- One row per landed product line: its fate (accepted, rejected or duplicate) with the rule.

with

products as (

    select
        stg_products.*,
        row_number() over (
            partition by stg_products.product_id, stg_products.row_hash
            order by stg_products._file, stg_products._line
        ) as copy_number,
        min(stg_products.row_hash) over (partition by stg_products.product_id)
        <> max(stg_products.row_hash) over (partition by stg_products.product_id) as is_conflict

    from {{ ref('stg_raw__products') }} as stg_products

),

judged as (

    select
        products.*,
        {{ first_broken_rule({
            'product_id_missing': 'product_id is null',
            'lob_unknown': 'lob is null and lob_text is not null',
        }) }} as rejected_by

    from products

)

select
    _file,
    _line,
    product_id,
    product_name,
    category,
    lob,
    grade,
    unit,
    case when default_margin_rate between 0 and 1 then default_margin_rate end as default_margin_rate,
    is_points_eligible,
    valid_from,
    valid_to,
    recorded_at,
    case
        when product_id is not null and copy_number > 1 then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'margin_rate_invalid': 'default_margin_rate_text is not null and not coalesce(default_margin_rate between 0 and 1, false)',
        'product_conflict': 'is_conflict and copy_number = 1',
        'value_unreadable': any_unreadable(['grade', 'is_points_eligible', 'valid_from', 'valid_to', 'recorded_at']),
    }) }} as noted_rules

from judged
