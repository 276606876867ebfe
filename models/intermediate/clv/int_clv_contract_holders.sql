-- One row per knowledge date, graded customer and contract line under contract: how long the contract runs, and since when they are there.
-- Who is billed without any contract known counts as under an open-ended one while the bills are recent.

with

running as (

    select
        contracts.*,
        row_number() over (
            partition by as_of_date, customer_key, lob
            order by case when active_until is null then 0 else 1 end, active_until desc, contract_id
        ) as choice

    from {{ ref('int_clv_contracts') }} as contracts

    where is_running

),

firsts as (

    select
        customer_key,
        lob,
        seen_from,
        min(value_date) as first_value_date

    from {{ ref('int_customer_line_days') }}

    group by customer_key, lob, seen_from

),

billed as (

    select
        bills.as_of_date,
        bills.customer_key,
        bills.lob,
        min(firsts.first_value_date) as line_start_date

    from {{ ref('int_clv_billed_months') }} as bills
    inner join {{ ref('int_customers_judged') }} as customers
        on bills.as_of_date = customers.as_of_date and bills.customer_key = customers.customer_key and customers.is_scoreable
    inner join {{ ref('int_clv_policy_in_force') }} as policy
        on bills.as_of_date = policy.as_of_date
    inner join firsts
        on bills.customer_key = firsts.customer_key and bills.lob = firsts.lob and firsts.seen_from <= bills.as_of_date
    left join {{ ref('int_clv_contracts') }} as contracts
        on bills.as_of_date = contracts.as_of_date and bills.customer_key = contracts.customer_key and bills.lob = contracts.lob

    where
        contracts.contract_id is null
        and {{ days_between('bills.last_bill_date', 'bills.as_of_date') }} <= policy.billing_gap_days

    group by bills.as_of_date, bills.customer_key, bills.lob

)

select
    as_of_date,
    customer_key,
    lob,
    greatest({{ days_between('line_start_date', 'as_of_date') }}, 0) as tenure_days,
    active_until as runs_until,
    case when active_until is null then 0 else term_months end as term_months,
    active_until is null as is_open_ended,
    is_cancelled

from running

where choice = 1

union all

select
    as_of_date,
    customer_key,
    lob,
    greatest({{ days_between('line_start_date', 'as_of_date') }}, 0) as tenure_days,
    cast(null as date) as runs_until,
    0 as term_months,
    true as is_open_ended,
    false as is_cancelled

from billed
