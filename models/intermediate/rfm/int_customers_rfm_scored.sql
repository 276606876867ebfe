-- One row per review date and graded customer who holds a line: R, F and M of all lines together.

select
    measured.as_of_date,
    measured.customer_key,
    case
        when ranked.m_score is not null then 'quantile'
        when ranked.customer_key is not null then 'fixed_fallback'
        else 'fixed'
    end as score_mode,
    measured.r_days,
    measured.f_value,
    measured.m_value,
    measured.spend_12m,
    measured.spend_12m_outside_property,
    measured.variety_lobs,
    measured.r_score,
    measured.f_score,
    case
        when measured.m_value < 0 then 1
        else coalesce(ranked.m_score, {{ score_by_cuts('measured.capped_m_value', 'monetary') }})
    end as m_score,
    measured.m_value < 0 as is_m_negative,
    measured.first_purchase_date,
    measured.last_purchase_date

from {{ ref('int_customers_rfm_measured') }} as measured
inner join {{ ref('int_rfm_cuts_in_force') }} as cuts
    on measured.as_of_date = cuts.as_of_date and cuts.lob = 'group'
left join {{ ref('int_customers_rfm_ranked') }} as ranked
    on measured.as_of_date = ranked.as_of_date and measured.customer_key = ranked.customer_key
