-- One row per landed product line: text made typed, nothing judged.
{% set columns = [
    'product_id', 'lob', 'category', 'name', 'unit', 'default_margin_rate', 'grade', 'is_points_eligible', 'valid_from', 'valid_to',
    'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'products') }}

),

typed as (

    select
        _file,
        _line,
        product_id,
        category,
        name as product_name,
        unit,
        source_system,
        {{ parse_code('lob', 'lob') }} as lob,
        lob as lob_text,
        {{ parse_code('grade', 'product_grade') }} as grade,
        grade as grade_text,
        {{ parse_number('default_margin_rate', 'decimal(9, 6)') }} as default_margin_rate,
        default_margin_rate as default_margin_rate_text,
        {{ parse_boolean('is_points_eligible') }} as is_points_eligible,
        is_points_eligible as is_points_eligible_text,
        {{ parse_date('valid_from') }} as valid_from,
        valid_from as valid_from_text,
        {{ parse_date('valid_to') }} as valid_to,
        valid_to as valid_to_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text,
        {{ row_hash(columns) }} as row_hash

    from landed

)

select * from typed
