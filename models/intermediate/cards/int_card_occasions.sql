-- One row per path and day looked at with purchases in its period: how many occasions, and in how many lines.

with

lines as (

    select
        periods.path_key,
        periods.candidate_date,
        spans.lob,
        count(*) as occasions

    from {{ ref('int_card_periods') }} as periods
    inner join {{ ref('int_card_occasion_spans') }} as spans
        on
            periods.path_key = spans.path_key
            and spans.held_from <= periods.candidate_date
            and (spans.held_until is null or periods.candidate_date < spans.held_until)
            and spans.occasion_date between periods.period_from and periods.candidate_date

    group by periods.path_key, periods.candidate_date, spans.lob

)

select
    path_key,
    candidate_date,
    cast(sum(occasions) as bigint) as occasions,
    count(*) as lobs

from lines

group by path_key, candidate_date
