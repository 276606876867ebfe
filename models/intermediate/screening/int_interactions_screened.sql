-- One row per landed interaction line: its fate (accepted, rejected or duplicate) with the rule.
{% set is_unreadable_result -%}
    (event_type = 'grade_set' or lower(interaction_value) like 'horizon_months%')
        and not {{ matches('upper(interaction_value)', grade_pattern()) }}
        and not {{ matches('lower(interaction_value)', horizon_pattern()) }}
{%- endset %}

with

interactions as (

    select
        stg_interactions.*,
        clock.as_of_date,
        {{ business_date('stg_interactions.event_at') }} as event_date,
        customers.customer_key,
        repeats.verdict as repeat_verdict

    from {{ ref('stg_raw__interactions') }} as stg_interactions
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_interactions.customer_id = customers.customer_id
    left join {{ ref('int_interactions_repeated') }} as repeats
        on stg_interactions._file = repeats._file and stg_interactions._line = repeats._line

),

judged as (

    select
        interactions.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'interaction_id_missing': 'interaction_id is null',
            'who_missing': 'customer_id is null and anonymous_id is null',
            'event_at_unparsable': 'event_at is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'duration_negative': 'duration_s < 0',
            'orphan_customer': 'customer_id is not null and customer_key is null',
        }) }} as rejected_by

    from interactions

)

select
    _file,
    _line,
    source_system,
    interaction_id,
    customer_id,
    customer_key,
    anonymous_id,
    coalesce(event_type, 'unknown') as event_type,
    channel,
    project_id,
    venue_id,
    interaction_value,
    campaign_id,
    sales_person_id,
    duration_s,
    event_at,
    event_date,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'event_type_unknown': 'event_type is null',
        'value_unreadable': any_unreadable(['duration_s', 'recorded_at']) ~ ' or ' ~ is_unreadable_result,
    }) }} as noted_rules

from judged
