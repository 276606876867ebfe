-- One row per landed line of a score that an expert gave: its fate (accepted, rejected or duplicate) with the rule.

with

-- Of any time: what counts on a date is asked there. A dimension that is closed takes no score back from past reviews.
dimensions as (

    select distinct policy.dimension from {{ ref('policy_expert_dimensions') }} as policy

    where {{ of_scenario('policy') }}

),

scores as (

    select
        stg_scores.*,
        clock.as_of_date,
        {{ business_date('stg_scores.scored_at') }} as event_date,
        customers.customer_key,
        repeats.verdict as repeat_verdict,
        dimensions.dimension is not null as is_dimension_known

    from {{ ref('stg_raw__expert_scores') }} as stg_scores
    left join {{ ref('int_customers_keyed') }} as customers
        on stg_scores.customer_id = customers.customer_id
    left join {{ ref('int_expert_scores_repeated') }} as repeats
        on stg_scores._file = repeats._file and stg_scores._line = repeats._line
    cross join {{ ref('int_as_of_date') }} as clock
    left join dimensions
        on stg_scores.dimension = dimensions.dimension

),

judged as (

    select
        scores.*,
        {{ first_broken_rule({
            'duplicate_conflict': "repeat_verdict = 'conflict'",
            'score_id_missing': 'score_id is null',
            'customer_id_missing': 'customer_id is null',
            'expert_id_missing': 'expert_id is null',
            'dimension_unknown': 'not is_dimension_known',
            'score_invalid': 'score is null or score not between 1 and 10 or score <> floor(score)',
            'score_undated': 'coalesce(scored_at, recorded_at) is null',
            'event_at_too_old': "event_date < date '1990-01-01'",
            'event_at_future': 'event_date > ' ~ add_days('as_of_date', 1),
            'orphan_customer': 'customer_key is null',
        }) }} as rejected_by

    from scores

)

select
    _file,
    _line,
    source_system,
    score_id,
    expert_id,
    customer_key,
    dimension,
    case when rejected_by is null then cast(score as integer) end as score,
    round_number,
    coalesce(scored_at, recorded_at) as scored_at,
    recorded_at,
    case
        when repeat_verdict = 'repeat' then 'duplicate'
        when rejected_by is not null then 'rejected'
        else 'accepted'
    end as fate,
    rejected_by,
    {{ broken_rules({
        'value_unreadable': any_unreadable(['round_number', 'scored_at', 'recorded_at']),
    }) }} as noted_rules

from judged
