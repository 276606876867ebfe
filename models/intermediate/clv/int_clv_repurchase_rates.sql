-- One row per knowledge date, line bought again now and then, band of tenure, and whether another line is held: purchases a year, drawn
-- towards the policy's own where little was seen.

with

-- A spell is cut in two where the first purchase in another line falls into it.
halves as (

    select
        as_of_date,
        lob,
        false as holds_other_line,
        next_purchase_date is not null and coalesce(other_line_date >= next_purchase_date, true) as is_bought_again,
        0 as from_tenure,
        {{ days_between('purchase_date', 'least(coalesce(next_purchase_date, as_of_date), coalesce(other_line_date, as_of_date))') }}
            as until_tenure,
        {{ days_between('purchase_date', 'next_purchase_date') }} as tenure_days

    from {{ ref('int_clv_repurchase_spells') }}

    union all

    select
        as_of_date,
        lob,
        true as holds_other_line,
        coalesce(other_line_date < next_purchase_date, false) as is_bought_again,
        greatest({{ days_between('purchase_date', 'other_line_date') }}, 0) as from_tenure,
        {{ days_between('purchase_date', 'coalesce(next_purchase_date, as_of_date)') }} as until_tenure,
        {{ days_between('purchase_date', 'next_purchase_date') }} as tenure_days

    from {{ ref('int_clv_repurchase_spells') }}

    where other_line_date is not null

),

seen as (

    select
        bands.as_of_date,
        bands.lob,
        bands.tenure_band,
        halves.holds_other_line,
        sum(
            case
                when halves.is_bought_again and bands.from_days <= halves.tenure_days and halves.tenure_days < bands.until_days then 1
                else 0
            end
        ) as event_count,
        sum(greatest(0, least(halves.until_tenure, bands.until_days) - greatest(halves.from_tenure, bands.from_days))) as exposed_days

    from halves
    inner join {{ ref('int_clv_tenure_bands') }} as bands
        on halves.as_of_date = bands.as_of_date and halves.lob = bands.lob

    group by bands.as_of_date, bands.lob, bands.tenure_band, halves.holds_other_line

),

others as (

    select true as holds_other_line
    union all
    select false as holds_other_line

),

strata as (

    select
        bands.*,
        others.holds_other_line

    from {{ ref('int_clv_tenure_bands') }} as bands
    cross join others

)

select
    strata.as_of_date,
    strata.lob,
    strata.tenure_band,
    strata.holds_other_line,
    strata.from_days,
    strata.until_days,
    coalesce(seen.event_count, 0) as event_count,
    (coalesce(seen.event_count, 0) + policy.prior_strength * strata.yearly_repurchase_rate)
    / (coalesce(seen.exposed_days, 0) / 365e0 + policy.prior_strength) as yearly_rate

from strata
inner join {{ ref('int_clv_lines_in_force') }} as lobs
    on strata.as_of_date = lobs.as_of_date and strata.lob = lobs.lob and lobs.prediction = 'repurchase'
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on strata.as_of_date = policy.as_of_date
left join seen
    on
        strata.as_of_date = seen.as_of_date
        and strata.lob = seen.lob
        and strata.tenure_band = seen.tenure_band
        and strata.holds_other_line = seen.holds_other_line
