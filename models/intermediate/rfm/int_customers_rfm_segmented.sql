-- One row per review date and graded customer, with or without purchases: scores, their sum and mean, and the segment.

with

scores as (

    select
        reviews.as_of_date,
        reviews.customer_key,
        reviews.customer_id,
        coalesce(scored.score_mode, 'fixed') as score_mode,
        newcomers.customer_key is not null as is_new,
        scored.r_days,
        coalesce(scored.f_value, 0) as f_value,
        coalesce(scored.m_value, 0) as m_value,
        coalesce(scored.spend_12m, 0) as spend_12m,
        coalesce(scored.spend_12m_outside_property, 0) as spend_12m_outside_property,
        coalesce(scored.variety_lobs, 0) as variety_lobs,
        coalesce(scored.r_score, 0) as r_score,
        coalesce(scored.f_score, 0) as f_score,
        coalesce(scored.m_score, 0) as m_score,
        coalesce(scored.is_m_negative, false) as is_m_negative,
        scored.first_purchase_date,
        scored.last_purchase_date

    from {{ ref('int_customer_reviews') }} as reviews
    left join {{ ref('int_customers_rfm_scored') }} as scored
        on reviews.as_of_date = scored.as_of_date and reviews.customer_key = scored.customer_key
    left join {{ ref('int_customers_new') }} as newcomers
        on reviews.as_of_date = newcomers.as_of_date and reviews.customer_key = newcomers.customer_key

    where reviews.is_scoreable

)

select
    scores.as_of_date,
    scores.customer_key,
    scores.customer_id,
    scores.score_mode,
    case
        when segments.yields_to_new and scores.is_new then 'new'
        else segments.segment
    end as rfm_segment,
    scores.r_days,
    scores.f_value,
    scores.m_value,
    scores.spend_12m,
    scores.spend_12m_outside_property,
    scores.variety_lobs,
    scores.r_score,
    scores.f_score,
    scores.m_score,
    scores.r_score + scores.f_score + scores.m_score as rfm_total,
    cast(
        20 * (
            measures.recency_weight * scores.r_score
            + measures.frequency_weight * scores.f_score
            + measures.monetary_weight * scores.m_score
        ) as decimal(9, 4)
    ) as rfm_score_100,
    scores.is_m_negative,
    scores.first_purchase_date,
    scores.last_purchase_date

from scores
inner join {{ ref('int_rfm_measures_in_force') }} as measures
    on scores.as_of_date = measures.as_of_date
left join {{ ref('policy_rfm_segments') }} as segments
    on
        scores.r_score = segments.r_score
        and floor((scores.f_score + scores.m_score + 1) / cast(2 as {{ type_double() }})) = segments.fm_score
        and {{ in_force('segments', 'scores.as_of_date') }}
