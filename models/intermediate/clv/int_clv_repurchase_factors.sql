-- One row per knowledge date, line bought again now and then, tenure, and whether another line is held: purchases expected from there on.

with

cases as (

    select distinct
        as_of_date,
        lob,
        tenure_days,
        holds_other_line

    from {{ ref('int_clv_repurchase_holders') }}

),

months as (

    select
        cases.*,
        months.days_per_month * months.value_12m as days_12m,
        months.days_per_month * months.value_36m as days_36m,
        months.days_in_30d,
        months.days_in_90d,
        months.days_in_365d,
        months.days_in_backtest,
        rates.yearly_rate / 365 as daily_rate

    from cases
    inner join {{ ref('int_clv_months') }} as months
        on cases.as_of_date = months.as_of_date
    inner join {{ ref('int_clv_repurchase_rates') }} as rates
        on
            cases.as_of_date = rates.as_of_date
            and cases.lob = rates.lob
            and cases.holds_other_line = rates.holds_other_line
            and rates.from_days <= cases.tenure_days + months.days_ahead
            and cases.tenure_days + months.days_ahead < rates.until_days

)

select
    as_of_date,
    lob,
    tenure_days,
    holds_other_line,
    {%- for figure, days in {
        '30d': 'days_in_30d', '90d': 'days_in_90d', '365d': 'days_in_365d', 'backtest': 'days_in_backtest',
        '12m': 'days_12m', '36m': 'days_36m'
    }.items() %}
    cast(sum(cast(daily_rate * {{ days }} as decimal(38, 18))) as {{ type_double() }}) as purchases_{{ figure }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}

from months

group by as_of_date, lob, tenure_days, holds_other_line
