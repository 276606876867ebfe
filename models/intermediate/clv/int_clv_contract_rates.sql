-- One row per knowledge date, contract line and band of tenure: the share of ending contracts that are renewed, and the share of
-- open-ended ones that end in a month, drawn towards the policy's own where little was seen.

with

ends as (

    select
        bands.as_of_date,
        bands.lob,
        bands.tenure_band,
        sum(case when due.is_open_ended then 0 else 1 end) as due_count,
        sum(case when due.is_renewed and not due.is_open_ended then 1 else 0 end) as renewed_count,
        sum(case when due.is_open_ended and not due.is_renewed then 1 else 0 end) as left_count

    from {{ ref('int_clv_contracts_due') }} as due
    inner join {{ ref('int_clv_tenure_bands') }} as bands
        on
            due.as_of_date = bands.as_of_date
            and due.lob = bands.lob
            and bands.from_days <= due.tenure_days
            and due.tenure_days < bands.until_days

    group by bands.as_of_date, bands.lob, bands.tenure_band

),

stretches as (

    select
        as_of_date,
        lob,
        {{ days_between('line_start_date', 'active_from') }} as from_tenure,
        {{ days_between('line_start_date', "least(coalesce(active_until, as_of_date), as_of_date)") }} as until_tenure

    from {{ ref('int_clv_contracts') }}

    where is_open_ended

),

exposures as (

    select
        bands.as_of_date,
        bands.lob,
        bands.tenure_band,
        sum(
            greatest(0, least(stretches.until_tenure, bands.until_days) - greatest(stretches.from_tenure, bands.from_days))
        ) as exposed_days

    from stretches
    inner join {{ ref('int_clv_tenure_bands') }} as bands
        on stretches.as_of_date = bands.as_of_date and stretches.lob = bands.lob

    group by bands.as_of_date, bands.lob, bands.tenure_band

)

select
    bands.as_of_date,
    bands.lob,
    bands.tenure_band,
    bands.from_days,
    bands.until_days,
    (coalesce(ends.renewed_count, 0) + policy.prior_strength * bands.renewal_share)
    / (coalesce(ends.due_count, 0) + policy.prior_strength) as renewal_share,
    least(
        1,
        (coalesce(ends.left_count, 0) + policy.prior_strength * bands.monthly_leaving_rate)
        / (coalesce(exposures.exposed_days, 0) / policy.days_per_month + policy.prior_strength)
    ) as monthly_leaving_rate

from {{ ref('int_clv_tenure_bands') }} as bands
inner join {{ ref('int_clv_lines_in_force') }} as lobs
    on bands.as_of_date = lobs.as_of_date and bands.lob = lobs.lob and lobs.prediction = 'contract'
inner join {{ ref('int_clv_policy_in_force') }} as policy
    on bands.as_of_date = policy.as_of_date
left join ends
    on bands.as_of_date = ends.as_of_date and bands.lob = ends.lob and bands.tenure_band = ends.tenure_band
left join exposures
    on bands.as_of_date = exposures.as_of_date and bands.lob = exposures.lob and bands.tenure_band = exposures.tenure_band
