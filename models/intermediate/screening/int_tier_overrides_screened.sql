-- One row per landed line of a request to set a tier by hand: its fate (accepted, rejected or duplicate) with the rule.
-- Of the reason in words only the length goes on.

with

overrides as (

    select
        stg_overrides.*,
        customers.customer_key,
        repeats.verdict as repeat_verdict

    from {{ ref('stg_raw__tier_overrides') }} as stg_overrides
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_overrides.customer_id = customers.customer_id
    left join {{ ref('int_tier_overrides_repeated') }} as repeats
        on stg_overrides._file = repeats._file and stg_overrides._line = repeats._line

),

judged as (

    select
        overrides.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'override_id_missing': 'override_id is null',
            'customer_id_missing': 'customer_id is null',
            'orphan_customer': 'customer_key is null',
            'valid_from_unparsable': 'valid_from is null',
            'valid_to_unparsable': 'valid_to is null',
            'event_at_too_old': "valid_from < date '1990-01-01'",
        }) }} as rejected_by

    from overrides

)

select
    _file,
    _line,
    source_system,
    override_id,
    customer_key,
    case when axis_text is null then 'value' else axis end as axis,
    kind,
    tier,
    reason_code,
    requested_by,
    approved_by,
    coalesce(length(reason_text), 0) as reason_text_length,
    valid_from,
    valid_to,
    requested_at,
    approved_at,
    revoked_at,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'value_unreadable': any_unreadable(['axis', 'kind', 'tier', 'requested_at', 'approved_at', 'revoked_at', 'recorded_at']),
    }) }} as noted_rules

from judged
