-- One row per knowledge date, graded customer and contract line under contract: its monthly contribution, and how many months it runs.

with

holders as (

    select
        holders.*,
        {{ month_number('holders.runs_until') }} - {{ month_number('holders.as_of_date') }} as months_to_end,
        coalesce(bills.month_count, 0) as month_count,
        bills.monthly_contribution

    from {{ ref('int_clv_contract_holders') }} as holders
    left join {{ ref('int_clv_billed_months') }} as bills
        on holders.as_of_date = bills.as_of_date and holders.customer_key = bills.customer_key and holders.lob = bills.lob

),

ranked as (

    select
        as_of_date,
        lob,
        monthly_contribution,
        row_number() over (partition by as_of_date, lob order by monthly_contribution, customer_key) as place,
        count(*) over (partition by as_of_date, lob) as places

    from holders

    where month_count >= 3

),

medians as (

    select
        as_of_date,
        lob,
        monthly_contribution

    from ranked

    where 2 * place in (places, places + 1)

)

select
    holders.as_of_date,
    holders.customer_key,
    holders.lob,
    rates.tenure_band,
    holders.is_open_ended,
    holders.is_cancelled,
    holders.term_months,
    case
        when holders.is_open_ended then 0
        else least(
            36,
            holders.months_to_end
            - case when {{ add_months('holders.as_of_date', 'holders.months_to_end') }} > holders.runs_until then 1 else 0 end
        )
    end as running_months,
    case when holders.is_open_ended then 'open_contract' else 'contract' end as method,
    holders.month_count >= 3 as has_own_months,
    case
        when holders.month_count >= 3 then holders.monthly_contribution
        else coalesce(medians.monthly_contribution, holders.monthly_contribution, 0)
    end as monthly_contribution

from holders
inner join {{ ref('int_clv_contract_rates') }} as rates
    on
        holders.as_of_date = rates.as_of_date
        and holders.lob = rates.lob
        and rates.from_days <= holders.tenure_days
        and holders.tenure_days < rates.until_days
left join medians
    on holders.as_of_date = medians.as_of_date and holders.lob = medians.lob
