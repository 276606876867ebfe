-- Every graded customer who was asked is in one segment of each kind: each kind has as many asked and answering customers as all.

with

kinds as (

    select
        as_of_date,
        segment_type,
        sum(asked_count) as asked_count,
        sum(answered_count) as answered_count

    from {{ ref('satisfaction_segments') }}

    group by as_of_date, segment_type

)

select
    kinds.as_of_date,
    kinds.segment_type,
    kinds.asked_count,
    kinds.answered_count

from kinds
inner join kinds as everybody
    on kinds.as_of_date = everybody.as_of_date and everybody.segment_type = 'all'

where kinds.asked_count <> everybody.asked_count or kinds.answered_count <> everybody.answered_count
