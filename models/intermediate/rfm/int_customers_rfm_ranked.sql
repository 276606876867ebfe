-- One row per review date and graded customer who holds a line, only while value is scored by rank: the quintile among them.

with

measured as (

    select
        measured.as_of_date,
        measured.customer_key,
        measured.capped_m_value,
        count(*) over (partition by measured.as_of_date) as holder_count,
        measures.monetary_min_population

    from {{ ref('int_customers_rfm_measured') }} as measured
    inner join {{ ref('int_rfm_measures_in_force') }} as measures
        on measured.as_of_date = measures.as_of_date

    where measures.monetary_mode = 'quantile'

)

select
    as_of_date,
    customer_key,
    case when holder_count >= monetary_min_population then {{ score_by_rank('capped_m_value', 'as_of_date') }} end as m_score

from measured
