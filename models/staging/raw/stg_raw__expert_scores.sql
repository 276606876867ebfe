-- One row per landed line of a score that an expert gave: text made typed, nothing judged.
{% set columns = [
    'score_id', 'expert_id', 'customer_id', 'dimension', 'score', 'round_no', 'scored_at', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'expert_scores') }}

),

typed as (

    select
        _file,
        _line,
        score_id,
        expert_id,
        customer_id,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        lower(dimension) as dimension,
        {{ parse_number('score', 'decimal(18, 6)') }} as score,
        score as score_text,
        {{ parse_number('round_no', 'integer') }} as round_number,
        round_no as round_number_text,
        {{ parse_timestamp('scored_at') }} as scored_at,
        scored_at as scored_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
