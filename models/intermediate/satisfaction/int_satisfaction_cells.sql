-- One row per review date, value tier, main line and years as owner: customers asked and answering, and what each answer stands for.

with

cells as (

    select
        satisfaction.as_of_date,
        coalesce(tiers.value_tier, 'none') as value_tier,
        coalesce(main_lines.main_lob, 'none') as main_lob,
        coalesce(satisfaction.owner_tenure_band, 'none') as owner_tenure_band,
        sum(case when satisfaction.contact_count > 0 then 1 else 0 end) as asked_count,
        sum(case when satisfaction.contact_count > 0 and satisfaction.sat_class is not null then 1 else 0 end) as answered_count,
        sum(case when satisfaction.contact_count > 0 and satisfaction.sat_class = 'satisfied' then 1 else 0 end) as satisfied_count,
        sum(case when satisfaction.contact_count > 0 and satisfaction.sat_class = 'dissatisfied' then 1 else 0 end) as dissatisfied_count,
        sum(case when satisfaction.contact_count > 0 then satisfaction.sat_index else 0 end) as index_sum

    from {{ ref('int_customers_satisfaction') }} as satisfaction
    left join {{ ref('int_customers_tiered') }} as tiers
        on satisfaction.as_of_date = tiers.as_of_date and satisfaction.customer_key = tiers.customer_key
    left join {{ ref('int_customers_main_line') }} as main_lines
        on satisfaction.as_of_date = main_lines.as_of_date and satisfaction.customer_key = main_lines.customer_key

    group by
        satisfaction.as_of_date,
        coalesce(tiers.value_tier, 'none'),
        coalesce(main_lines.main_lob, 'none'),
        coalesce(satisfaction.owner_tenure_band, 'none')

),

strata as (

    select
        as_of_date,
        value_tier,
        main_lob,
        sum(asked_count) as asked_count,
        sum(answered_count) as answered_count

    from cells

    group by as_of_date, value_tier, main_lob

)

select
    cells.as_of_date,
    cells.value_tier,
    cells.main_lob,
    cells.owner_tenure_band,
    cast(cells.asked_count as bigint) as asked_count,
    cast(cells.answered_count as bigint) as answered_count,
    cast(cells.satisfied_count as bigint) as satisfied_count,
    cast(cells.dissatisfied_count as bigint) as dissatisfied_count,
    cast(coalesce(cells.index_sum, 0) as decimal(28, 4)) as index_sum,
    {{ ratio('strata.asked_count', 'strata.answered_count', 6, decimals=0) }} as answer_weight

from cells
inner join strata
    on
        cells.as_of_date = strata.as_of_date
        and cells.value_tier = strata.value_tier
        and cells.main_lob = strata.main_lob
