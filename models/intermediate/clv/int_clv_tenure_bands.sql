-- One row per knowledge date, line without a purchase model and band of tenure: its days, and the rates the policy assumes there.
{{ config(materialized='view') }}

select
    lobs.as_of_date,
    lobs.lob,
    bands.tenure_band,
    365 * bands.from_years as from_days,
    365 * lead(bands.from_years, 1, 1000) over (partition by lobs.as_of_date, lobs.lob order by bands.from_years) as until_days,
    cast(bands.renewal_share as {{ type_double() }}) as renewal_share,
    cast(bands.monthly_leaving_rate as {{ type_double() }}) as monthly_leaving_rate,
    cast(bands.yearly_repurchase_rate as {{ type_double() }}) as yearly_repurchase_rate

from {{ ref('int_clv_lines_in_force') }} as lobs
inner join {{ ref('policy_clv_tenure_bands') }} as bands
    on lobs.lob = bands.lob and {{ in_force('bands', 'lobs.as_of_date') }}

where lobs.prediction <> 'repeat'
