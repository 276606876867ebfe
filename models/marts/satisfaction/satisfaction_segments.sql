-- One row per review date, kind of segment and segment: how many were asked, how many answered, and how satisfied they are.
{% set z = 1.96 %}

with

segments as (

    select
        segments.*,
        segments.answered_count < policy.min_segment_size as is_suppressed

    from {{ ref('int_satisfaction_segments') }} as segments
    inner join {{ ref('int_satisfaction_policy_in_force') }} as policy
        on segments.as_of_date = policy.as_of_date

),

shares as (

    select
        segments.*,
        case when not is_suppressed then {{ ratio('satisfied_weight', 'weight', 4, decimals=6) }} end as satisfied_share,
        case when not is_suppressed then {{ ratio('dissatisfied_weight', 'weight', 4, decimals=6) }} end as dissatisfied_share,
        case when not is_suppressed then {{ ratio('weighted_index', 'weight', 4, decimals=10) }} end as mean_sat_index,
        case
            when not is_suppressed
                then {{ rounded('power(cast(weight as ' ~ type_double() ~ '), 2) / cast(squared_weight as ' ~ type_double() ~ ')', 2) }}
        end as effective_size

    from segments

),

bounds as (

    select
        shares.*,
        cast(satisfied_share as {{ type_double() }}) as p,
        cast(effective_size as {{ type_double() }}) as n

    from shares

)

select
    as_of_date,
    segment_type,
    segment,
    asked_count,
    answered_count,
    cast({{ ratio('answered_count', 'asked_count', 4, decimals=0) }} as decimal(9, 4)) as response_rate,
    cast(satisfied_share as decimal(9, 4)) as satisfied_share,
    cast({{ rounded(wilson_bound('p', 'n', z, '-'), 4) }} as decimal(9, 4)) as satisfied_low,
    cast({{ rounded(wilson_bound('p', 'n', z, '+'), 4) }} as decimal(9, 4)) as satisfied_high,
    cast(dissatisfied_share as decimal(9, 4)) as dissatisfied_share,
    cast(mean_sat_index as decimal(9, 4)) as mean_sat_index,
    cast(effective_size as decimal(18, 2)) as effective_size,
    is_suppressed

from bounds

where {{ is_shown('as_of_date') }}
