-- One row per landed survey answer line: text made typed, nothing judged.
{% set columns = [
    'response_id', 'invitation_id', 'survey_id', 'survey_type', 'scale', 'question_code', 'score', 'customer_id', 'lob', 'txn_id',
    'channel', 'invited_at', 'responded_at', 'callback_outcome', 'attempt_no', 'agent_id', 'comment_text', 'source_system', 'recorded_at'
] %}

with

landed as (

    select
        _file,
        _line,
        _timezone,
        _date_order,
        {{ parse_texts(columns) }}

    from {{ source('raw', 'surveys') }}

),

typed as (

    select
        _file,
        _line,
        response_id,
        invitation_id,
        survey_id,
        question_code,
        customer_id,
        txn_id,
        agent_id,
        coalesce(source_system, '{{ checked_var("default_source_system", "^[A-Za-z0-9_-]+$") }}') as source_system,
        {{ parse_code('survey_type', 'survey_type') }} as survey_type,
        survey_type as survey_type_text,
        {{ parse_code('scale', 'survey_scale') }} as scale,
        scale as scale_text,
        {{ parse_code('lob', 'lob') }} as lob,
        lob as lob_text,
        {{ parse_code('channel', 'survey_channel') }} as channel,
        channel as channel_text,
        {{ parse_code('callback_outcome', 'callback_outcome') }} as callback_outcome,
        callback_outcome as callback_outcome_text,
        {{ parse_number('score', 'decimal(9, 2)') }} as score,
        score as score_text,
        {{ parse_number('attempt_no', 'integer') }} as attempt_number,
        attempt_no as attempt_number_text,
        {{ parse_timestamp('invited_at') }} as invited_at,
        invited_at as invited_at_text,
        {{ parse_timestamp('responded_at') }} as responded_at,
        responded_at as responded_at_text,
        {{ parse_timestamp('recorded_at') }} as recorded_at,
        recorded_at as recorded_at_text

    from landed

)

select * from typed
