-- One row per review date, graded customer and line held, only while a measure is scored by rank: its quintile among the holders.

with

measured as (

    select
        measured.as_of_date,
        measured.customer_key,
        measured.lob,
        measured.r_days,
        measured.f_value,
        measured.m_value,
        count(*) over (partition by measured.as_of_date, measured.lob) as holder_count,
        measures.recency_mode,
        measures.recency_min_population,
        measures.frequency_mode,
        measures.frequency_min_population,
        measures.monetary_mode,
        measures.monetary_min_population

    from {{ ref('int_customer_lines_measured') }} as measured
    inner join {{ ref('int_rfm_measures_in_force') }} as measures
        on measured.as_of_date = measures.as_of_date

    where 'quantile' in (measures.recency_mode, measures.frequency_mode, measures.monetary_mode)

)

select
    as_of_date,
    customer_key,
    lob,
    case
        when recency_mode = 'quantile' and holder_count >= recency_min_population
            then {{ score_by_rank('r_days desc', 'as_of_date, lob') }}
    end as r_score,
    case
        when frequency_mode = 'quantile' and holder_count >= frequency_min_population
            then {{ score_by_rank('f_value', 'as_of_date, lob') }}
    end as f_score,
    case
        when monetary_mode = 'quantile' and holder_count >= monetary_min_population
            then {{ score_by_rank('m_value', 'as_of_date, lob') }}
    end as m_score

from measured
