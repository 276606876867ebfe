-- One row per knowledge date, contract line, band of tenure, months the contract runs and term: how many months' contribution is expected.

with

cases as (

    select distinct
        as_of_date,
        lob,
        tenure_band,
        is_open_ended,
        is_cancelled,
        running_months,
        term_months

    from {{ ref('int_clv_contract_months') }}

),

survivals as (

    select
        cases.*,
        months.value_12m,
        months.value_36m,
        months.days_in_backtest / months.days_per_month as share_in_backtest,
        case
            when cases.is_open_ended and rates.monthly_leaving_rate < 1
                then exp(months.month_ahead * ln(1 - rates.monthly_leaving_rate))
            when cases.is_open_ended then 0
            when months.month_ahead <= cases.running_months then 1
            when rates.renewal_share > 0 and not cases.is_cancelled
                then exp(
                    ceil((months.month_ahead - cases.running_months) / cast(cases.term_months as {{ type_double() }}))
                    * ln(rates.renewal_share)
                )
            else 0
        end as survival

    from cases
    inner join {{ ref('int_clv_contract_rates') }} as rates
        on cases.as_of_date = rates.as_of_date and cases.lob = rates.lob and cases.tenure_band = rates.tenure_band
    inner join {{ ref('int_clv_months') }} as months
        on cases.as_of_date = months.as_of_date

)

select
    as_of_date,
    lob,
    tenure_band,
    is_open_ended,
    is_cancelled,
    running_months,
    term_months,
    cast(sum(cast(survival * value_12m as decimal(38, 18))) as {{ type_double() }}) as months_12m,
    cast(sum(cast(survival * value_36m as decimal(38, 18))) as {{ type_double() }}) as months_36m,
    cast(sum(cast(survival * share_in_backtest as decimal(38, 18))) as {{ type_double() }}) as months_backtest

from survivals

group by as_of_date, lob, tenure_band, is_open_ended, is_cancelled, running_months, term_months
