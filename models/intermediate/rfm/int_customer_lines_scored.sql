-- One row per review date, graded customer and line held: the three scores, by rank where the policy asks for it, else by cut points.

with

scored as (

    select
        measured.as_of_date,
        measured.customer_key,
        measured.lob,
        case
            when coalesce(ranked.r_score, ranked.f_score, ranked.m_score) is not null then 'quantile'
            when ranked.customer_key is not null then 'fixed_fallback'
            else 'fixed'
        end as score_mode,
        measured.r_days,
        measured.f_value,
        measured.m_value,
        measured.spend_12m,
        measured.occasions_24m,
        coalesce(ranked.r_score, {{ score_by_cuts('measured.r_days', 'recency') }}) as r_score,
        coalesce(ranked.f_score, {{ score_by_cuts('measured.f_value', 'frequency') }}) as f_score,
        case
            when measured.m_value < 0 then 1
            else coalesce(ranked.m_score, {{ score_by_cuts('measured.m_value', 'monetary') }})
        end as m_score,
        measured.m_value < 0 as is_m_negative,
        measured.first_occasion_date,
        measured.last_occasion_date

    from {{ ref('int_customer_lines_measured') }} as measured
    inner join {{ ref('int_rfm_cuts_in_force') }} as cuts
        on measured.as_of_date = cuts.as_of_date and measured.lob = cuts.lob
    left join {{ ref('int_customer_lines_ranked') }} as ranked
        on
            measured.as_of_date = ranked.as_of_date
            and measured.customer_key = ranked.customer_key
            and measured.lob = ranked.lob

)

select * from scored
