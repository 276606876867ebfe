-- On every knowledge date, a line without a purchase model has bands of tenure from 0 years on, with the rates its prediction needs.

select
    'policy_clv_tenure_bands.csv: on ' || {{ shown('lobs.as_of_date') }} || ' line ' || lobs.lob || ' (predicted by ' || lobs.prediction
    || ') lacks a band from year 0 on, or a rate of a band: contract lines need renewal_share and monthly_leaving_rate (0 to 1), '
    || 'others yearly_repurchase_rate.' as problem

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
