-- One row per path and day looked at on which a bill of a contract line is overdue by more than the days of grace.

with

bills as (

    select
        customers.path_key,
        greatest(sales.known_on, customers.counts_from) as seen_on,
        sales.undone_on,
        sales.lob,
        sales.due_date,
        sales.paid_on

    from {{ ref('int_card_path_customers') }} as customers
    inner join {{ ref('int_sales_seen') }} as sales
        on customers.customer_key = sales.customer_key

    where sales.due_date is not null and (sales.paid_on is null or sales.due_date < sales.paid_on)

)

select distinct
    periods.path_key,
    periods.candidate_date

from {{ ref('int_card_periods') }} as periods
inner join bills
    on
        periods.path_key = bills.path_key
        and bills.seen_on <= periods.candidate_date
        and (bills.undone_on is null or periods.candidate_date < bills.undone_on)
        and (bills.paid_on is null or periods.candidate_date < bills.paid_on)
inner join {{ ref('policy_lobs') }} as lobs
    on bills.lob = lobs.lob and lobs.is_contractual and {{ in_force('lobs', 'periods.candidate_date') }}
inner join {{ ref('policy_parameters') }} as parameters
    on parameters.parameter = 'overdue_grace_days' and {{ in_force('parameters', 'periods.candidate_date') }}

where {{ add_days('bills.due_date', 'parameters.value') }} < periods.candidate_date
