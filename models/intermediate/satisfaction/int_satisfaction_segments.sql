-- One row per review date, kind of segment and segment: customers asked and answering, and the weighted sums over the answers.
{% set segment_types = ['value_tier', 'main_lob', 'owner_tenure_band'] %}

with

cells as (

    select * from {{ ref('int_satisfaction_cells') }}

),

segmented as (

    select
        'all' as segment_type,
        'all' as segment,
        cells.*

    from cells
    {% for segment_type in segment_types %}
    union all

    select
        '{{ segment_type }}' as segment_type,
        cells.{{ segment_type }} as segment,
        cells.*

    from cells
    {% endfor %}
)

select
    as_of_date,
    segment_type,
    segment,
    cast(sum(asked_count) as bigint) as asked_count,
    cast(sum(answered_count) as bigint) as answered_count,
    sum(cast(answer_weight as decimal(28, 6)) * answered_count) as weight,
    sum(cast(answer_weight as decimal(28, 6)) * satisfied_count) as satisfied_weight,
    sum(cast(answer_weight as decimal(28, 6)) * dissatisfied_count) as dissatisfied_weight,
    sum(cast(answer_weight as decimal(18, 6)) * cast(index_sum as decimal(18, 4))) as weighted_index,
    sum(cast(cast(answer_weight as decimal(18, 6)) * answer_weight as decimal(28, 12)) * answered_count) as squared_weight

from segmented

group by as_of_date, segment_type, segment
