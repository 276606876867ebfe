-- One row per review date and graded customer who holds a line: the measures of all lines together.

with

grouped as (

    select
        lines.as_of_date,
        lines.customer_key,
        min(lines.r_days) as r_days,
        sum(lines.occasions_24m) as f_value,
        sum(lines.m_value) as m_value,
        max(lines.m_value) as greatest_line_value,
        sum(lines.spend_12m) as spend_12m,
        sum(case when lines.lob = 'property_sale' then 0 else lines.spend_12m end) as spend_12m_outside_property,
        sum(case when lines.occasions_24m > 0 then 1 else 0 end) as variety_lobs,
        max(lines.r_score) as r_score,
        sum(lobs.rfm_weight * lines.f_score) as weighted_f_score,
        sum(lobs.rfm_weight) as f_weight,
        min(lines.first_occasion_date) as first_purchase_date,
        max(lines.last_occasion_date) as last_purchase_date

    from {{ ref('int_customer_lines_scored') }} as lines
    inner join {{ ref('int_lobs_in_force') }} as lobs
        on lines.as_of_date = lobs.as_of_date and lines.lob = lobs.lob

    group by lines.as_of_date, lines.customer_key

)

select
    grouped.as_of_date,
    grouped.customer_key,
    grouped.r_days,
    cast(grouped.f_value as decimal(18, 4)) as f_value,
    cast(grouped.m_value as decimal(18, 4)) as m_value,
    -- One line cannot lift the score alone when others are held; yet buying more never lowers it.
    cast(
        greatest(
            grouped.greatest_line_value,
            grouped.m_value - greatest(0, grouped.greatest_line_value - parameters.lob_cap_share * grouped.m_value)
        ) as decimal(18, 4)
    ) as capped_m_value,
    cast(grouped.spend_12m as decimal(18, 2)) as spend_12m,
    cast(grouped.spend_12m_outside_property as decimal(18, 2)) as spend_12m_outside_property,
    cast(grouped.variety_lobs as integer) as variety_lobs,
    grouped.r_score,
    cast({{ ratio('grouped.weighted_f_score', 'grouped.f_weight', 0, decimals=4) }} as integer) as f_score,
    grouped.first_purchase_date,
    grouped.last_purchase_date

from grouped
inner join {{ ref('int_parameters_in_force') }} as parameters
    on grouped.as_of_date = parameters.as_of_date
