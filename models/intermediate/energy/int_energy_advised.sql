-- One row per review date and customer of energy who gets advice: which one, and what it may save.

with

suiting as (

    select
        compared.as_of_date,
        compared.customer_key,
        compared.annual_kwh,
        compared.peer_efficient_kwh,
        compared.price_per_kwh,
        min(advice.priority) as priority

    from {{ ref('int_energy_compared') }} as compared
    inner join {{ ref('policy_energy_advice') }} as advice
        on
            {{ in_force('advice', 'compared.as_of_date') }}
            and advice.energy_pattern in (compared.energy_pattern, 'any')
            and advice.peer_state in (coalesce(compared.peer_state, 'any'), 'any')
            and advice.min_kwh <= compared.annual_kwh

    where compared.energy_status = 'measured'

    group by
        compared.as_of_date, compared.customer_key, compared.annual_kwh, compared.peer_efficient_kwh, compared.price_per_kwh

),

saving as (

    select
        suiting.as_of_date,
        suiting.customer_key,
        suiting.price_per_kwh,
        advice.advice_id,
        case
            when suiting.peer_efficient_kwh is not null then cast(
                least(
                    cast({{ wide_product('suiting.annual_kwh', 'advice.saving_pct') }} as decimal(24, 6)),
                    cast(greatest(0, suiting.annual_kwh - suiting.peer_efficient_kwh) as decimal(24, 6))
                ) as decimal(18, 2)
            )
        end as est_saving_kwh

    from suiting
    inner join {{ ref('policy_energy_advice') }} as advice
        on suiting.priority = advice.priority and {{ in_force('advice', 'suiting.as_of_date') }}

)

select
    as_of_date,
    customer_key,
    advice_id,
    est_saving_kwh,
    {{ money_product('est_saving_kwh', 'price_per_kwh') }} as est_saving_amount

from saving
