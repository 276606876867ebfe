-- One row per review date, graded customer and line held: recency, frequency and value of the line.

with

facts as (

    select
        held.as_of_date,
        held.customer_key,
        held.lob,
        lobs.is_contractual,
        held.occasion_count,
        lobs.rfm_window_days,
        coalesce(frequency.occasions_in_window, 0) as occasions_in_window,
        coalesce(frequency.occasions_24m, 0) as occasions_24m,
        coalesce(recognised.m_value, 0) as m_value,
        coalesce(recognised.spend_12m, 0) as spend_12m,
        coalesce(paid.paid_months, 0) as paid_months,
        held.first_occasion_date,
        held.last_occasion_date,
        coalesce(contracted.is_contract_active, false) as is_contract_active,
        overdue.customer_key is not null as is_overdue,
        greatest(held.first_occasion_date, paid.last_paid_date, contracted.last_contract_end_date) as last_contact_date,
        greatest(
            least(held.first_occasion_date, contracted.first_contract_date),
            {{ add_days(add_months('held.as_of_date', -12), 1) }}
        ) as exposed_from,
        case
            when not coalesce(contracted.is_contract_active, false) and contracted.last_contract_end_date < held.as_of_date
                then contracted.last_contract_end_date
            else held.as_of_date
        end as exposed_until

    from {{ ref('int_customer_lines_held') }} as held
    inner join {{ ref('int_lobs_in_force') }} as lobs
        on held.as_of_date = lobs.as_of_date and held.lob = lobs.lob
    left join {{ ref('int_customer_lines_frequency') }} as frequency
        on held.as_of_date = frequency.as_of_date and held.customer_key = frequency.customer_key and held.lob = frequency.lob
    left join {{ ref('int_customer_lines_recognised') }} as recognised
        on held.as_of_date = recognised.as_of_date and held.customer_key = recognised.customer_key and held.lob = recognised.lob
    left join {{ ref('int_customer_lines_paid') }} as paid
        on held.as_of_date = paid.as_of_date and held.customer_key = paid.customer_key and held.lob = paid.lob
    left join {{ ref('int_customer_lines_contracted') }} as contracted
        on held.as_of_date = contracted.as_of_date and held.customer_key = contracted.customer_key and held.lob = contracted.lob
    left join {{ ref('int_customer_lines_overdue') }} as overdue
        on held.as_of_date = overdue.as_of_date and held.customer_key = overdue.customer_key and held.lob = overdue.lob

),

exposed as (

    select
        facts.*,
        least(12, greatest(1, {{ month_number('exposed_until') }} - {{ month_number('exposed_from') }} + 1)) as exposed_months

    from facts

)

select
    as_of_date,
    customer_key,
    lob,
    case
        when not is_contractual then {{ days_between('last_occasion_date', 'as_of_date') }}
        when is_contract_active and not is_overdue then 0
        else {{ days_between('last_contact_date', 'as_of_date') }}
    end as r_days,
    case
        when is_contractual then least(12, {{ ratio('paid_months * 12', 'exposed_months', 4, decimals=0) }})
        when rfm_window_days is null then cast(occasion_count as decimal(18, 4))
        else cast(occasions_in_window as decimal(18, 4))
    end as f_value,
    m_value,
    spend_12m,
    occasions_24m,
    first_occasion_date,
    last_occasion_date

from exposed
