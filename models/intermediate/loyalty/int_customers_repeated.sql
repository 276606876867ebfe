-- One row per review date and graded customer who holds a line: how far repeat purchases go, and in which line.

with

lines as (

    select
        held.as_of_date,
        held.customer_key,
        held.lob,
        held.occasion_count,
        held.first_occasion_date,
        least(1, {{ ratio('held.occasion_count - 1', 'lobs.repeat_target', 6, decimals=0) }}) as repeat_part

    from {{ ref('int_customer_lines_held') }} as held
    inner join {{ ref('int_lobs_in_force') }} as lobs
        on held.as_of_date = lobs.as_of_date and held.lob = lobs.lob

),

ranked as (

    select
        lines.*,
        row_number() over (partition by as_of_date, customer_key order by repeat_part desc, lob) as repeat_rank

    from lines

)

select
    as_of_date,
    customer_key,
    max(case when repeat_rank = 1 then lob end) as repeat_line,
    cast(max(repeat_part) as decimal(9, 6)) as repeat_part,
    cast(sum(occasion_count) as bigint) as occasion_count,
    min(first_occasion_date) as first_occasion_date

from ranked

group by as_of_date, customer_key
