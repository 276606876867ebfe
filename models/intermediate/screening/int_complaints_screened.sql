-- One row per landed complaint, suggestion, praise or inquiry line: repairs made, and its fate with the rule.

with

complaints as (

    select
        stg_complaints.*,
        clock.as_of_date,
        {{ business_date('stg_complaints.created_at') }} as event_date,
        customers.customer_key,
        repeats.verdict as repeat_verdict

    from {{ ref('stg_raw__complaints') }} as stg_complaints
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_complaints.customer_id = customers.customer_id
    left join {{ ref('int_complaints_repeated') }} as repeats
        on stg_complaints._file = repeats._file and stg_complaints._line = repeats._line

),

judged as (

    select
        complaints.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'complaint_id_missing': 'complaint_id is null',
            'customer_id_missing': 'customer_id is null',
            'feedback_type_unknown': 'feedback_type is null and feedback_type_text is not null',
            'created_at_unparsable': 'created_at is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'resolved_before_created': business_date('resolved_at') ~ ' < ' ~ business_date('created_at'),
            'orphan_customer': 'customer_key is null',
        }) }} as rejected_by

    from complaints

)

select
    _file,
    _line,
    source_system,
    complaint_id,
    customer_id,
    customer_key,
    coalesce(feedback_type, 'complaint') as feedback_type,
    category,
    sub_category,
    lob,
    case when coalesce(feedback_type, 'complaint') = 'complaint' then coalesce(severity, 'minor') end as severity,
    channel,
    status,
    incident_id,
    case when closure_rating between 1 and 5 then closure_rating end as closure_rating,
    compensation_amount,
    is_adopted,
    created_at,
    first_response_at,
    case when status = 'closed' then coalesce(resolved_at, closed_at) else resolved_at end as resolved_at,
    closed_at,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'severity_unknown': "severity is null and coalesce(feedback_type, 'complaint') = 'complaint'",
        'closed_without_resolved': "status = 'closed' and resolved_at is null",
        'value_unreadable': any_unreadable([
            'lob', 'status', 'closure_rating', 'compensation_amount', 'is_adopted', 'first_response_at', 'resolved_at', 'closed_at', 'recorded_at'
        ]) ~ ' or closure_rating not between 1 and 5',
    }) }} as noted_rules

from judged
