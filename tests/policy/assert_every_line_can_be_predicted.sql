-- On every knowledge date, a line without a purchase model has bands of tenure from 0 years on, with the rates its prediction needs.

select
    lobs.as_of_date,
    lobs.lob,
    lobs.prediction

from {{ ref('int_clv_lines_in_force') }} as lobs
left join {{ ref('int_clv_tenure_bands') }} as bands
    on lobs.as_of_date = bands.as_of_date and lobs.lob = bands.lob

where lobs.prediction <> 'repeat'

group by lobs.as_of_date, lobs.lob, lobs.prediction

having
    coalesce(min(bands.from_days), 1) > 0
    or not coalesce(
        bool_and(
            case lobs.prediction
                when 'contract' then bands.renewal_share between 0 and 1 and bands.monthly_leaving_rate between 0 and 1
                else bands.yearly_repurchase_rate >= 0
            end
        ), false
    )
